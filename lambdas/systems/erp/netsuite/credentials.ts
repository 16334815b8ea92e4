import * as z from "zod";

/** The sign-in to NetSuite: a signed token (OAuth 2.0), or token-based access (OAuth 1.0a). */
export type NetsuiteCredentials =
  | ({ readonly kind: "oauth2" } & z.output<typeof machineSchema>)
  | ({ readonly kind: "tba" } & z.output<typeof tokenSchema>);

/** @param secret the secret's JSON value; an error names its keys, never a value */
export function netsuiteCredentials(secret: unknown): NetsuiteCredentials {
  const machine = machineSchema.safeParse(secret);
  if (machine.success) return { kind: "oauth2", ...machine.data };
  const token = tokenSchema.safeParse(secret);
  if (token.success) return { kind: "tba", ...token.data };

  const { issues } = looksLikeTba(secret) ? token.error : machine.error;
  const wrong = issues.map(
    ({ path, message }) => `${path.join(".") || "(the secret)"}: ${message}`,
  );
  throw new Error(
    "NetSuite credentials: wanted {clientId, certificateId, privateKey} or " +
      `{account, consumerKey, consumerSecret, tokenId, tokenSecret}; ${wrong.join("; ")}`,
  );
}

/** The realm of OAuth 1.0a, such as `1234567_SB1`, for any spelling of the account id. */
function realm(account: string): string {
  return account.trim().toUpperCase().replaceAll("-", "_");
}

function looksLikeTba(secret: unknown): boolean {
  return typeof secret === "object" && secret !== null && "consumerKey" in secret;
}

const text = z.string({ error: "wanted a text" }).trim().min(1, "must not be empty");

const machineSchema = z.object({
  clientId: text,
  certificateId: text,
  privateKey: text
    .transform((key) => key.replaceAll(String.raw`\n`, "\n"))
    .refine((key) => key.startsWith("-----BEGIN PRIVATE KEY-----"), {
      error: "wanted a private key in PKCS #8 PEM (-----BEGIN PRIVATE KEY-----)",
    }),
});

const tokenSchema = z.object({
  account: text
    .regex(/^\d{1,12}([_-][A-Za-z0-9]{1,12})?$|^[A-Za-z]{1,12}\d{1,12}([_-][A-Za-z0-9]{1,12})?$/, {
      error: "wanted an account id such as 1234567 or 1234567_SB1, not an address",
    })
    .transform(realm),
  consumerKey: text,
  consumerSecret: text,
  tokenId: text,
  tokenSecret: text,
});
