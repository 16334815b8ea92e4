import * as z from "zod";
import { AccessToken, type Granted } from "./access-token.ts";
import { type Door, type Http, Refused } from "./http/http.ts";
import { parseJson } from "./http/parse-json.ts";

/**
 * The access token of OAuth 2.0 client credentials (RFC 6749, section 4.4).
 *
 * The host that grants tokens may be another one than the host of the data. It gets requests for a
 * token and nothing else.
 */
export function clientCredentialsToken(options: ClientCredentials): AccessToken {
  const { origin, pathname, search } = new URL(options.tokenUrl);
  const tokens = options.door(origin);
  return new AccessToken({
    grant: async () => askToken(tokens, `${pathname}${search}`, options),
    spareMs: SPARE_MS,
    now: options.clock,
  });
}

export type ClientCredentials = {
  /** Who grants the token, for messages, such as "SAP". */
  readonly name: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
  /** Where the id and the secret of the client are sent: as a basic header, or in the form. */
  readonly sentIn: "header" | "form";
  /** Opens a client for the host that grants tokens. */
  readonly door: Door;
  /** Milliseconds since the epoch, for the age of a token. */
  readonly clock: () => number;
};

async function askToken(http: Http, path: string, options: ClientCredentials): Promise<Granted> {
  const { name, clientId, clientSecret, scope, sentIn } = options;
  const pair = Buffer.from(`${clientId}:${clientSecret}`, "utf8").toString("base64");
  const { status, text } = await http.send({
    method: "POST",
    path,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(sentIn === "header" && { authorization: `Basic ${pair}` }),
    },
    body: new URLSearchParams({
      ...(sentIn === "form" && { client_id: clientId, client_secret: clientSecret }),
      grant_type: "client_credentials",
      ...(scope !== undefined && { scope }),
    }).toString(),
    expect: (code) => code === 400,
  });
  const what = `POST ${name} token`;
  if (status === 400) throw new Refused(what, status);
  const read = tokenSchema.safeParse(parseJson(text, what));
  if (!read.success) throw new Error(`${what}: answered without access_token and expires_in`);
  return { token: read.data.access_token, seconds: read.data.expires_in };
}

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive(),
});
const SPARE_MS = 60_000;
