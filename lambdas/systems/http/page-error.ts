/**
 * An answer that is not the requested page: HTML, an empty body, half of the JSON, JSON nested too
 * deep, or JSON without the fields of a page. It is an error and never counts as an empty page.
 */
export class PageError extends Error {
  override readonly name = "PageError";
  constructor(what: string, came: string) {
    super(`${what}: wanted a page of JSON, got ${came}`);
  }
}
