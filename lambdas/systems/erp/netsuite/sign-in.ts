import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import * as z from "zod";
import { AccessToken } from "../../access-token.ts";
import type { Granted } from "../../access-token.ts";
import type { Http } from "../../http/http.ts";
import { parseJson } from "../../http/parse-json.ts";

/**
 * The access token of OAuth 2.0 client credentials.
 *
 * NetSuite gives no refresh token, so each renewal signs a new assertion. NetSuite answers a
 * refused assertion with 400 and no reason, so the error lists what to check.
 */
export function netsuiteToken(options: TokenOptions): AccessToken {
  return new AccessToken({
    grant: async () => askToken(options),
    spareMs: 60_000,
    now: options.wallClock,
  });
}

async function askToken(options: TokenOptions): Promise<Granted> {
  const answer = await options.http.send({
    method: "POST",
    path: TOKEN_PATH,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await signedAssertion(options),
    }).toString(),
    expect: (status) => status === 400 || status === 401,
  });
  if (answer.status >= 400) throw new TokenRefused(answer.status, errorCode(answer.text));
  const read = tokenSchema.safeParse(parseJson(answer.text, `POST ${TOKEN_PATH}`));
  if (!read.success) {
    throw new TokenRefused(answer.status, "an answer without access_token and expires_in");
  }
  const { access_token: token, expires_in: seconds } = read.data;
  return { token, seconds };
}

async function signedAssertion(options: TokenOptions): Promise<string> {
  const { baseUrl, clientId, certificateId, privateKey, wallClock } = options;
  const key = readKey(privateKey);
  const issued = Math.floor(wallClock() / 1_000);
  return new SignJWT({ scope: "rest_webservices" })
    .setProtectedHeader({ typ: "JWT", alg: algorithm(key), kid: certificateId })
    .setIssuer(clientId)
    .setAudience(`${baseUrl.replace(/\/+$/, "")}${TOKEN_PATH}`)
    .setIssuedAt(issued)
    .setExpirationTime(issued + 300)
    .sign(key);
}

export type TokenOptions = {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly certificateId: string;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  readonly http: Http;
  /** Milliseconds since 1970: NetSuite compares it with its own clock. */
  readonly wallClock: () => number;
};

/** Node's own error does not quote the key, but it does not explain the problem: it is replaced. */
function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error("NetSuite credentials: privateKey cannot be read as a PKCS #8 PEM key");
  }
}

/** NetSuite accepts ES256, ES384, ES512, and PS256 and higher, but not RS256. */
function algorithm(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa") return "PS256";
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const found = CURVES.get(curve);
  if (found !== undefined) return found;
  throw new Error(
    `NetSuite credentials: wanted an EC key on P-256, P-384 or P-521 or an RSA key, got ${key.asymmetricKeyType ?? "no"} key ${curve}`,
  );
}

/** `error` is a code such as invalid_grant; anything else is not quoted. */
function errorCode(body: string): string {
  return /"error"\s*:\s*"([a-z_]{1,40})"/.exec(body)?.[1] ?? "no error code";
}

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
});

const CURVES: ReadonlyMap<string, string> = new Map([
  ["prime256v1", "ES256"],
  ["secp384r1", "ES384"],
  ["secp521r1", "ES512"],
]);

const TOKEN_PATH = "/services/rest/auth/oauth2/v1/token";

class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  constructor(status: number, came: string) {
    super(
      `NetSuite gave no access token (${status}, ${came}): check that clientId is the integration's, that ` +
        "certificateId is the one in OAuth 2.0 Client Credentials Setup and not expired or revoked, that " +
        "privateKey belongs to it, that the mapped role may Log in using OAuth 2.0 Access Tokens, and that " +
        "baseUrl is this account's",
    );
  }
}
