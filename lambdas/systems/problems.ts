import type * as z from "zod";

/** Every problem of a record in one sentence, each with its field. */
export function problems(error: z.ZodError): string {
  const listed = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const more = error.issues.length - listed.length;
  return more > 0 ? `${listed.join("; ")}; and ${more} more` : listed.join("; ");
}
