/**
 * The address of a request, within the configured origin and nowhere else.
 *
 * A path is put behind the base address; an absolute address (a "next" link) must have the very
 * same scheme, host and port. Anything else is a {@link ForbiddenAddress} before a byte is sent.
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
      `refused to ask ${address.protocol}//${address.host}: only ${base.origin} is configured`,
    );
  }
  if (base.protocol !== "https:" && !(base.protocol === "http:" && isLoopback(base))) {
    throw new ForbiddenAddress(`refused to ask ${base.origin}: only https, or http on loopback`);
  }
  return address;
}

/** An address as it may stand in a log: without the query, which may hold more than a place. */
export function shown(address: URL): string {
  return `${address.origin}${address.pathname}`;
}

/** An address outside the configured origin: a wrong setting, or an answer that leads astray. */
export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
}

function parsed(text: string, baseUrl: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new ForbiddenAddress(`an address that cannot be read, wanted one within ${baseUrl}`);
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
