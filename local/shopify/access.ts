/**
 * Checks the access: a fixed token, or tokens that are granted to a client and valid for a day.
 *
 * The times come from the given clock, so that a token can expire within a test.
 */
export function access(auth: Auth, now: () => number): Access {
  let granted = 0;
  const until = new Map<string, number>();
  return {
    accepts: (token) =>
      "accessToken" in auth ? token === auth.accessToken : (until.get(token) ?? 0) > now(),
    grant: (body) => {
      const asked = fields(body);
      const good =
        "clientId" in auth &&
        asked.get("client_id") === auth.clientId &&
        asked.get("client_secret") === auth.clientSecret &&
        asked.get("grant_type") === "client_credentials";
      if (!good) return null;
      granted += 1;
      const token = `granted-${granted}`;
      until.set(token, now() + LIFETIME_S * 1_000);
      return { access_token: token, scope: "read_orders,read_all_orders", expires_in: LIFETIME_S };
    },
    expireAll: () => until.clear(),
  };
}

export type Auth =
  | { readonly accessToken: string }
  | { readonly clientId: string; readonly clientSecret: string };

export type Access = {
  accepts(token: string): boolean;
  /** Null when the client is not known. */
  grant(body: string): object | null;
  expireAll(): void;
};

/** The body of a grant, as JSON or as a form. */
function fields(body: string): ReadonlyMap<string, string> {
  if (!body.trimStart().startsWith("{")) return new Map(new URLSearchParams(body));
  const value: unknown = JSON.parse(body);
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(Object.entries(value).map(([key, text]): [string, string] => [key, String(text)]));
}

const LIFETIME_S = 86_399;
