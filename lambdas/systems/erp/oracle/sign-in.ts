import { clientCredentialsToken } from "../../client-credentials.ts";
import type { Door } from "../../http/http.ts";
import type { OracleCredentials } from "./credentials.ts";

/**
 * How a request to Fusion proves who sends it. The identity domain that grants tokens is not Fusion's
 * host.
 */
export function oracleAccess(options: {
  readonly credentials: OracleCredentials;
  readonly door: Door;
  /** Milliseconds since the epoch, for the age of a token. */
  readonly clock: () => number;
}): OracleAccess {
  const { credentials, door, clock } = options;
  if (credentials.kind === "password") {
    const pair = Buffer.from(`${credentials.username}:${credentials.password}`, "utf8");
    const authorization = `Basic ${pair.toString("base64")}`;
    return { headers: async () => ({ authorization }), renew: () => false };
  }
  const token = clientCredentialsToken({
    ...credentials,
    name: "Oracle",
    sentIn: "header",
    door,
    clock,
  });
  return {
    headers: async () => ({ authorization: `Bearer ${await token.value()}` }),
    renew: () => {
      token.forget();
      return true;
    },
  };
}

export type OracleAccess = {
  headers(): Promise<Readonly<Record<string, string>>>;
  /** False where there is nothing to renew. */
  renew(): boolean;
};
