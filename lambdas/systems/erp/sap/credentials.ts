import * as z from "zod";

/**
 * The secret of a communication user of SAP S/4HANA: a password, OAuth 2.0 client credentials with
 * the token address that the communication arrangement shows, or a client certificate.
 *
 * The error names the expected keys and never quotes a value.
 */
export function sapCredentials(credentials: unknown): SapCredentials {
  const read = credentialSchema.safeParse(credentials);
  if (read.success) return read.data;
  throw new Error(
    "the SAP credential must be {username, password}, {tokenUrl, clientId, clientSecret} or {certificate, privateKey}, each a text; optional: sapClient, three digits, for an on-premise system, and ca, the certificate of its own authority",
  );
}

export type SapCredentials = z.output<typeof credentialSchema>;

const text = z.string().min(1).max(20_000);
const plain = text.regex(/^[\x20-\x7e]+$/);
const common = {
  sapClient: z
    .string()
    .regex(/^\d{3}$/)
    .optional(),
};
const credentialSchema = z.union([
  z
    .object({ tokenUrl: z.url(), clientId: plain, clientSecret: plain, ...common })
    .transform((one) => ({ kind: "oauth" as const, ...one })),
  z
    .object({ certificate: text, privateKey: text, ca: text.optional(), ...common })
    .transform((one) => ({ kind: "certificate" as const, ...one })),
  // The password may have any character.
  z
    .object({ username: plain.regex(/^[^:]+$/), password: text, ...common })
    .transform((one) => ({ kind: "password" as const, ...one })),
]);
