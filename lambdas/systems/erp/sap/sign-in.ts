import { clientCredentialsToken } from "../../client-credentials.ts";
import { certificateFetch } from "../../http/certificate-fetch.ts";
import type { Door, Http } from "../../http/http.ts";
import type { SapCredentials } from "./credentials.ts";

/**
 * How a request proves who sends it: a header, and the client that sends it.
 *
 * The host that grants tokens is not the host of the data. It gets one request for a token and
 * nothing else.
 */
export function sapAccess(options: {
  readonly credentials: SapCredentials;
  readonly baseUrl: string;
  readonly http: Http;
  readonly door: Door;
  /** Milliseconds since the epoch, for the age of a token. */
  readonly clock: () => number;
}): SapAccess {
  const { credentials, baseUrl, http, door, clock } = options;
  switch (credentials.kind) {
    case "password": {
      const pair = `${credentials.username}:${credentials.password}`;
      const header = `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
      return { http, headers: async () => ({ authorization: header }), renew: () => false };
    }
    case "certificate": {
      const { certificate: cert, privateKey: key, ca } = credentials;
      const ask = certificateFetch({ cert, key, ...(ca !== undefined && { ca }) });
      return { http: door(baseUrl, { fetch: ask }), headers: async () => ({}), renew: () => false };
    }
    case "oauth": {
      const token = clientCredentialsToken({
        ...credentials,
        name: "SAP",
        sentIn: "header",
        door,
        clock,
      });
      return {
        http,
        headers: async () => ({ authorization: `Bearer ${await token.value()}` }),
        renew: () => {
          token.forget();
          return true;
        },
      };
    }
  }
}

export type SapAccess = {
  readonly http: Http;
  headers(): Promise<Readonly<Record<string, string>>>;
  /** False where there is nothing to renew. */
  renew(): boolean;
};
