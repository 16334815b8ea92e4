import { createHmac } from "node:crypto";

/**
 * Whether the header signs this request (OAuth 1.0a, HMAC-SHA256), by the rules of RFC 5849. It is
 * written apart from the connector, so that the two check each other.
 */
export function isSigned(
  header: string,
  request: { readonly method: string; readonly url: URL },
  secrets: {
    readonly consumerKey: string;
    readonly consumerSecret: string;
    readonly accessToken: string;
    readonly accessTokenSecret: string;
  },
): { readonly nonce: string } | null {
  const given = new Map(
    header
      .replace(/^OAuth\s+/, "")
      .split(/,\s*/)
      .flatMap((part): [string, string][] => {
        const [, name, value] = /^([^=]+)="(.*)"$/.exec(part.trim()) ?? [];
        return name === undefined || value === undefined
          ? []
          : [[decodeURIComponent(name), decodeURIComponent(value)]];
      }),
  );
  if (given.get("oauth_consumer_key") !== secrets.consumerKey) return null;
  if (given.get("oauth_token") !== secrets.accessToken) return null;
  if (given.get("oauth_signature_method") !== "HMAC-SHA256") return null;
  const parameters = [...given, ...request.url.searchParams]
    .filter(([name]) => name !== "oauth_signature" && name !== "realm")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted();
  const { origin, pathname } = request.url;
  const base = [
    request.method.toUpperCase(),
    encoded(`${origin}${pathname}`),
    encoded(parameters.join("&")),
  ].join("&");
  const key = `${encoded(secrets.consumerSecret)}&${encoded(secrets.accessTokenSecret)}`;
  const wanted = createHmac("sha256", key).update(base).digest("base64");
  return wanted === given.get("oauth_signature") ? { nonce: given.get("oauth_nonce") ?? "" } : null;
}

/** RFC 3986: five characters more than `encodeURIComponent` encodes. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
