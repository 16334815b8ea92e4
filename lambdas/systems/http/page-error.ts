/**
 * An answer that is not the page that was asked for: HTML, nothing, half of it, too deep, or without
 * what makes a page a page. It is an error and never an empty page.
 */
export class PageError extends Error {
  override readonly name = "PageError";
  constructor(what: string, came: string) {
    super(`${what}: wanted a page of JSON, got ${came}`);
  }
}
