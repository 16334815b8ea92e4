import { createHmac, randomUUID } from "node:crypto";
import OAuth from "oauth-1.0a";
import { clientCredentialsToken } from "../../client-credentials.ts";
import type { Door } from "../../http/http.ts";
import type { MagentoCredentials } from "./credentials.ts";

/**
 * How a request to Magento proves who sends it.
 *
 * OAuth 1.0a signs each attempt anew, because a nonce can be used only once. The host that grants
 * tokens to the cloud service is not the shop's host: it gets requests for a token and nothing else.
 *
 * Source: RFC 5849; Adobe Commerce, "OAuth-based authentication" and "REST authentication" of the
 * cloud service.
 */
export function magentoAccess(options: {
  readonly credentials: MagentoCredentials;
  readonly door: Door;
  /** Milliseconds since the epoch, for the age of a token and the time of a signature. */
  readonly clock: () => number;
}): MagentoAccess {
  const { credentials, door, clock } = options;
  switch (credentials.kind) {
    case "oauth1":
      return {
        headers: async (address, parameters) => ({
          authorization: signed(address, parameters, credentials, Math.floor(clock() / 1_000)),
        }),
        renew: () => false,
        isCloud: false,
        alsoNeeds: null,
      };
    case "bearer":
      return {
        headers: async () => ({ authorization: `Bearer ${credentials.bearerToken}` }),
        renew: () => false,
        isCloud: false,
        alsoNeeds:
          'the setting "Allow OAuth Access Tokens to be used as standalone Bearer tokens", which is off since 2.4.4; better, put the four values of OAuth 1.0a into the secret',
      };
    case "ims": {
      const token = clientCredentialsToken({
        ...credentials,
        name: "Adobe",
        sentIn: "form",
        door,
        clock,
      });
      const { clientId, imsOrgId } = credentials;
      return {
        headers: async () => ({
          authorization: `Bearer ${await token.value()}`,
          "x-api-key": clientId,
          ...(imsOrgId !== undefined && { "x-gw-ims-org-id": imsOrgId }),
        }),
        renew: () => {
          token.forget();
          return true;
        },
        isCloud: true,
        alsoNeeds: "imsOrgId in the secret, where the service asks for it",
      };
    }
  }
}

export type MagentoAccess = {
  /** @param address without its query; the signature covers both it and the parameters */
  headers(
    address: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** False where there is nothing to renew. */
  renew(): boolean;
  /** The cloud service has the tenant in its address, and no store view. */
  readonly isCloud: boolean;
  /** What else may be missing when the shop refuses a request, in words; null: nothing. */
  readonly alsoNeeds: string | null;
};

function signed(
  address: string,
  parameters: Readonly<Record<string, string>>,
  credentials: Extract<MagentoCredentials, { readonly kind: "oauth1" }>,
  timestamp: number,
): string {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = credentials;
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: "HMAC-SHA256",
    hash_function: (base, key) => createHmac("sha256", key).update(base).digest("base64"),
  });
  oauth.getTimeStamp = () => timestamp;
  oauth.getNonce = () => randomUUID().replaceAll("-", "");
  // The library signs an encoded query wrongly, so the parameters are given as data.
  const request = { url: address, method: "GET", data: parameters };
  const token = { key: accessToken, secret: accessTokenSecret };
  return oauth.toHeader(oauth.authorize(request, token)).Authorization;
}
