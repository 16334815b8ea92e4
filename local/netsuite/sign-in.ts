import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { jwtVerify } from "jose";

/**
 * Checks the sign-in: OAuth 2.0 client credentials with an assertion signed by a key that is made
 * for this run, or OAuth 1.0a. Both are verified in full, and a nonce can be used only once.
 *
 * @param wallClock milliseconds since the epoch, for the age of an assertion
 */
export function signIn(wallClock: () => number = Date.now): SignIn {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credentials = {
    clientId: randomUUID().replaceAll("-", ""),
    certificateId: `cert-${randomUUID().slice(0, 8)}`,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const tba = {
    account: "1234567_SB1",
    consumerKey: randomUUID(),
    consumerSecret: randomUUID(),
    tokenId: randomUUID(),
    tokenSecret: randomUUID(),
  };
  const granted = new Set<string>();
  const nonces = new Set<string>();

  const grant = async (form: URLSearchParams, url: string): Promise<Granted | null> => {
    if (form.get("grant_type") !== "client_credentials") return null;
    if (form.get("client_assertion_type") !== ASSERTION_TYPE) return null;
    const verified = await jwtVerify(form.get("client_assertion") ?? "", publicKey, {
      issuer: credentials.clientId,
      audience: url,
      algorithms: ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512"],
      requiredClaims: ["iat", "exp", "scope"],
      typ: "JWT",
      currentDate: new Date(wallClock()),
    }).catch(() => null);
    if (verified === null || verified.protectedHeader.kid !== credentials.certificateId)
      return null;
    const { iat = 0, exp = Infinity, scope } = verified.payload;
    const scopes: unknown[] = Array.isArray(scope) ? scope : [scope];
    if (exp - iat > LONGEST_SECONDS || !scopes.includes("rest_webservices")) return null;
    const token = randomUUID();
    granted.add(token);
    return { access_token: token, expires_in: 3600, token_type: "bearer" };
  };

  const signedRight = (header: string, url: string): boolean => {
    const given = new Map<string, string>();
    for (const [, name = "", value = ""] of header.matchAll(/(\w+)="([^"]*)"/g)) {
      given.set(name, decodeURIComponent(value));
    }
    const nonce = given.get("oauth_nonce") ?? "";
    const age = Math.abs(wallClock() / 1000 - Number(given.get("oauth_timestamp")));
    if (nonce === "" || nonces.has(nonce) || !(age < 300)) return false;
    nonces.add(nonce);
    return (
      given.get("realm") === tba.account &&
      given.get("oauth_consumer_key") === tba.consumerKey &&
      given.get("oauth_token") === tba.tokenId &&
      given.get("oauth_signature_method") === "HMAC-SHA256" &&
      given.get("oauth_signature") === signature(given, url, tba)
    );
  };

  return {
    credentials,
    tba,
    grant,
    accepts: (header, url) =>
      header.startsWith("OAuth ")
        ? signedRight(header, url)
        : granted.has(header.replace(/^Bearer /, "")),
    expireAll: () => {
      granted.clear();
    },
  };
}

export type SignIn = {
  readonly credentials: { clientId: string; certificateId: string; privateKey: string };
  readonly tba: Tba;
  /** Null for an assertion that NetSuite would refuse. */
  grant(form: URLSearchParams, url: string): Promise<Granted | null>;
  accepts(authorization: string, url: string): boolean;
  /** Makes every access token invalid from now on. */
  expireAll(): void;
};

type Granted = { access_token: string; expires_in: number; token_type: string };
type Tba = {
  account: string;
  consumerKey: string;
  consumerSecret: string;
  tokenId: string;
  tokenSecret: string;
};

/** RFC 5849, 3.4, without the connector's library: the library must not verify its own result. */
function signature(given: ReadonlyMap<string, string>, url: string, tba: Tba): string {
  const address = new URL(url);
  const parameters = [...given]
    .filter(([name]) => name !== "realm" && name !== "oauth_signature")
    .concat([...address.searchParams])
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .toSorted();
  const base = ["POST", `${address.origin}${address.pathname}`, parameters.join("&")];
  const key = `${percent(tba.consumerSecret)}&${percent(tba.tokenSecret)}`;
  return createHmac("sha256", key).update(base.map(percent).join("&")).digest("base64");
}

function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_SECONDS = 3_600;
