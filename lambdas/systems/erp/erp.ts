import type { ErpDocument } from "../../refund/observation/observation.ts";
import type { SourcePage, System, Window } from "../source.ts";

/** An ERP, as `pull` sees it. */
export interface Erp extends Pick<System, "meet" | "absent" | "stillShows"> {
  /** Refund documents changed in the window, oldest change first, a page at a time. */
  documentsSince(window: Window, cursor: string | null): Promise<SourcePage<ErpDocument>>;
  /** These documents as they are now: the ones that were not final when last seen. */
  documentsById(documentIds: readonly string[]): Promise<SourcePage<ErpDocument>>;
}
