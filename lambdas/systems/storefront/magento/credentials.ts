import * as z from "zod";

/**
 * The secret of an integration of Magento: the four values of OAuth 1.0a; a bearer token, which most
 * shops refuse; or, for the cloud service, OAuth 2.0 client credentials of Adobe's identity service.
 *
 * The error names the expected keys and never quotes a value.
 */
export function magentoCredentials(credentials: unknown): MagentoCredentials {
  const read = credentialSchema.safeParse(credentials);
  if (read.success) return read.data;
  throw new Error(
    "the Magento credential must be {consumerKey, consumerSecret, accessToken, accessTokenSecret}, {bearerToken} or, for the cloud service, {clientId, clientSecret, scope, tokenUrl}, each a text without spaces at its ends; optional for the cloud service: imsOrgId",
  );
}

export type MagentoCredentials = z.output<typeof credentialSchema>;

const plain = z.string().regex(/^[\x21-\x7e]+$/);
const credentialSchema = z.union([
  z
    .object({
      consumerKey: plain,
      consumerSecret: plain,
      accessToken: plain,
      accessTokenSecret: plain,
    })
    .transform((one) => ({ kind: "oauth1" as const, ...one })),
  z
    .object({ bearerToken: plain })
    .transform(({ bearerToken }) => ({ kind: "bearer" as const, bearerToken })),
  z
    .object({
      clientId: plain,
      clientSecret: plain,
      /** Names of permissions with commas or blanks between them. */
      scope: z.string().regex(/^[\x20-\x7e]+$/),
      tokenUrl: z.url(),
      imsOrgId: plain.optional(),
    })
    .transform((one) => ({ kind: "ims" as const, ...one })),
]);
