/** NetSuite's error bodies, as its documentation and its users describe them. */
export type Refusal = { readonly kind: "refusal"; readonly status: number; readonly body: string };

export function badRequest(detail: string): Refusal {
  return refusal(400, "Bad Request", { detail, "o:errorCode": "INVALID_PARAMETER" });
}

export function unauthorized(): Refusal {
  return refusal(401, "Unauthorized", {
    detail: "Invalid login attempt. For more details, see the Login Audit Trail.",
    "o:errorCode": "INVALID_LOGIN",
  });
}

/** NetSuite really uses the title "Bad Request" for status 429. */
export function tooManyAtOnce(): Refusal {
  return refusal(429, "Bad Request", {
    detail: "Concurrent request limit exceeded. Request blocked.",
    "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED",
  });
}

export function invalidGrant(): Refusal {
  return { kind: "refusal", status: 400, body: JSON.stringify({ error: "invalid_grant" }) };
}

export function notFound(): Refusal {
  return refusal(404, "Not Found", { detail: "The requested resource was not found." });
}

function refusal(status: number, title: string, detail: Record<string, string>): Refusal {
  const type = `https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.${status % 100}`;
  const body = JSON.stringify({ type, title, status, "o:errorDetails": [detail] });
  return { kind: "refusal", status, body };
}
