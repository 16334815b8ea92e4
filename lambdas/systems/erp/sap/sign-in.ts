import * as z from "zod";
import { AccessToken } from "../../access-token.ts";
import { certificateFetch } from "../../http/certificate-fetch.ts";
import { type Door, type Http, Refused } from "../../http/http.ts";
import { parseJson } from "../../http/parse-json.ts";
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
      const { origin, pathname, search } = new URL(credentials.tokenUrl);
      const path = `${pathname}${search}`;
      const tokens = door(origin);
      const token = new AccessToken({
        grant: async () => askToken(tokens, path, credentials),
        spareMs: SPARE_MS,
        now: clock,
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

type Client = Extract<SapCredentials, { readonly kind: "oauth" }>;

async function askToken(http: Http, path: string, { clientId, clientSecret }: Client) {
  const pair = `${clientId}:${clientSecret}`;
  const { status, text } = await http.send({
    method: "POST",
    path,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials" }).toString(),
    expect: (code) => code === 400,
  });
  if (status === 400) throw new Refused("POST SAP token", status);
  const read = tokenSchema.safeParse(parseJson(text, "POST SAP token"));
  if (!read.success) {
    throw new Error("POST SAP token: answered without access_token and expires_in");
  }
  return { token: read.data.access_token, seconds: read.data.expires_in };
}

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive(),
});
const SPARE_MS = 60_000;
