import type { ErpDocument } from "../../refund/observation/observation.ts";
import type { SourcePage, System, Window } from "../source.ts";

/** The functions of an ERP that `pull` uses. */
export interface Erp extends Pick<
  System,
  "identify" | "absent" | "stillShows" | "examine" | "ownFields" | "lookBackDays" | "deletesUnseen"
> {
  /** Refund documents changed in the window, oldest change first, one page at a time. */
  documentsSince(window: Window, cursor: string | null): Promise<SourcePage<ErpDocument>>;
  /** Reads the current state of these documents, for example because they were not final before. */
  documentsById(documentIds: readonly string[]): Promise<SourcePage<ErpDocument>>;
}
