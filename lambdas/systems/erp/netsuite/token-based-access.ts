import { createHmac, randomUUID } from "node:crypto";
import OAuth from "oauth-1.0a";

/**
 * The Authorization header of token-based access: OAuth 1.0a, HMAC-SHA256.
 *
 * The signature covers the address with its query, but not the JSON body. A nonce can be used only
 * once, so each attempt needs a new signature. From release 2027.1 on, NetSuite accepts no new
 * integrations of this kind.
 */
export function tbaHeader(request: {
  readonly url: string;
  readonly credentials: TbaCredentials;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly nonce?: string;
}): string {
  const { account, consumerKey, consumerSecret, tokenId, tokenSecret } = request.credentials;
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    realm: account,
    signature_method: "HMAC-SHA256",
    hash_function: (base, key) => createHmac("sha256", key).update(base).digest("base64"),
  });
  oauth.getTimeStamp = () => request.timestamp;
  oauth.getNonce = () => request.nonce ?? randomUUID().replaceAll("-", "");

  const token = { key: tokenId, secret: tokenSecret };
  return oauth.toHeader(oauth.authorize({ url: request.url, method: "POST" }, token)).Authorization;
}

export type TbaCredentials = {
  /** The realm, such as `1234567_SB1`. */
  readonly account: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
};
