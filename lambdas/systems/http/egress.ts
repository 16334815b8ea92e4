/**
 * Builds the address of a request. The address must be in the configured origin.
 *
 * A path is appended to the base address. An absolute address (a "next" link) must have the same
 * scheme, host and port. Any other address is a {@link ForbiddenAddress} before anything is sent.
 */
export function addressWithin(baseUrl: string, path: string): URL {
  const base = parsed(baseUrl, baseUrl);
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(path);
  const address = parsed(
    absolute ? path : `${baseUrl.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`,
    baseUrl,
  );
  if (address.origin !== base.origin || address.username !== "" || address.password !== "") {
    throw new ForbiddenAddress(
      `no request to ${address.protocol}//${address.host}: only ${base.origin} is configured`,
    );
  }
  if (base.protocol !== "https:" && !(base.protocol === "http:" && isLoopback(base))) {
    throw new ForbiddenAddress(`no request to ${base.origin}: only https, or http on loopback`);
  }
  return address;
}

/** An address for a log: without the query, because a query may contain confidential values. */
export function shown(address: URL): string {
  return `${address.origin}${address.pathname}`;
}

/** An address outside the configured origin: a setting is wrong, or an answer has a wrong link. */
export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
}

function parsed(text: string, baseUrl: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new ForbiddenAddress(`an address cannot be parsed; wanted an address within ${baseUrl}`);
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
