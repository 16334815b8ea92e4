import * as z from "zod";

/**
 * The secret of a user of Oracle Fusion: a password, or OAuth 2.0 client credentials of the identity
 * domain. The scope is the one of the resource "Fusion Applications Cloud Service".
 *
 * The error names the expected keys and never quotes a value.
 */
export function oracleCredentials(credentials: unknown): OracleCredentials {
  const read = credentialSchema.safeParse(credentials);
  if (read.success) return read.data;
  throw new Error(
    "the Oracle credential must be {username, password} or {tokenUrl, clientId, clientSecret, scope}, each a text; a username has no colon",
  );
}

export type OracleCredentials = z.output<typeof credentialSchema>;

const text = z.string().min(1).max(20_000);
const plain = text.regex(/^[\x20-\x7e]+$/);
const credentialSchema = z.union([
  z
    .object({ tokenUrl: z.url(), clientId: plain, clientSecret: plain, scope: plain })
    .transform((one) => ({ kind: "oauth" as const, ...one })),
  // The password may have any character.
  z
    .object({ username: plain.regex(/^[^:]+$/), password: text })
    .transform((one) => ({ kind: "password" as const, ...one })),
]);
