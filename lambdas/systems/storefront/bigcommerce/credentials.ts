import * as z from "zod";

/**
 * The secret of a store-level API account. Its token does not expire by time, so there is nothing to
 * renew: when BigCommerce refuses it, a person has to look.
 *
 * The error names the expected keys and never quotes a value.
 */
export function bigCommerceCredentials(credentials: unknown): BigCommerceCredentials {
  const read = credentialSchema.safeParse(credentials);
  if (read.success) return read.data;
  throw new Error(
    "the BigCommerce credential must be {storeHash, accessToken}: the storeHash is the part of the API path after /stores/, the accessToken is a text without spaces",
  );
}

export type BigCommerceCredentials = z.output<typeof credentialSchema>;

const credentialSchema = z.object({
  storeHash: z.string().regex(/^[A-Za-z0-9]{1,40}$/),
  accessToken: z.string().regex(/^[\x21-\x7e]+$/),
});
