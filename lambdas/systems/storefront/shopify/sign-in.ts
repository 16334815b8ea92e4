import * as z from "zod";
import { AccessToken } from "../../access-token.ts";
import { type Http, Refused } from "../../http/http.ts";
import { parseJson } from "../../http/parse-json.ts";

/**
 * The access token for one shop: a fixed one, or one from the client credentials grant.
 *
 * A granted token is valid for a day. It is kept in memory until five minutes before it expires,
 * and can be renewed once when Shopify refuses it earlier. If Shopify grants no token, the error is
 * {@link Refused}.
 */
export function shopifyToken(options: {
  readonly credentials: unknown;
  readonly http: Http;
  readonly where: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): ShopifyToken {
  const { http, where, now } = options;
  const credentials = parsed(options.credentials);
  if ("accessToken" in credentials) {
    return { current: async () => credentials.accessToken, renew: async () => false };
  }

  const granted = new AccessToken({
    grant: async () => {
      const { access_token: token, expires_in: seconds } = await askGrant(http, where, credentials);
      return { token, seconds };
    },
    spareMs: SPARE_MS,
    now,
  });
  return {
    current: async () => granted.value(),
    renew: async () => {
      await granted.renew();
      return true;
    },
  };
}

export type ShopifyToken = {
  current(): Promise<string>;
  /** False when this credential is a fixed token, which cannot be renewed. */
  renew(): Promise<boolean>;
};

type Granted = z.output<typeof grantedSchema>;

async function askGrant(http: Http, where: string, client: Client): Promise<Granted> {
  const { status, text } = await http.send({
    method: "POST",
    path: TOKEN_PATH,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      grant_type: "client_credentials",
    }),
    // Shopify answers 400 when the credentials are wrong.
    expect: (code) => code === 400,
  });
  const what = `POST ${where}${TOKEN_PATH}`;
  if (status === 400) throw new Refused(what, status);
  const answer = grantedSchema.safeParse(parseJson(text, what));
  if (answer.success) return answer.data;
  throw new Error(`${what}: answered without access_token and expires_in`);
}

/** The error names the expected keys and never quotes a value. */
function parsed(credentials: unknown): z.output<typeof credentialSchema> {
  const result = credentialSchema.safeParse(credentials);
  if (result.success) return result.data;
  throw new Error(
    "the Shopify credential must be {accessToken} or {clientId, clientSecret}, each a text without spaces",
  );
}

type Client = z.output<typeof clientSchema>;

const secret = z.string().regex(/^[\x21-\x7e]+$/);
const clientSchema = z.object({ clientId: secret, clientSecret: secret });
const credentialSchema = z.union([z.object({ accessToken: secret }), clientSchema]);
const grantedSchema = z.object({ access_token: secret, expires_in: z.number().positive() });

const TOKEN_PATH = "/admin/oauth/access_token";
const SPARE_MS = 5 * 60_000;
