import type { ErpDocument } from "./observation.ts";

/** "CM-1042 and CM-1043": by the number that people see, else by the ERP's own id. */
export function namesOf(documents: readonly ErpDocument[]): string {
  const names = documents.map(({ documentNumber, documentId }) => documentNumber ?? documentId);
  if (names.length < 2) return names[0] ?? "no document";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** The name that people use for a document: its number, else its id. */
export function nameOf(document: ErpDocument | undefined): string {
  return document?.documentNumber ?? document?.documentId ?? "another document";
}
