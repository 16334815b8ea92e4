import { printable } from "./printable.ts";

/** Markup that was made here. Only {@link html} makes it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Piece = string | number | Html | readonly Html[];

/**
 * A template whose every value is escaped unless it is markup itself, so that no data string can
 * become a tag, an attribute or a link.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const text = parts.map((part, index) => {
    const piece = pieces[index];
    return piece === undefined ? part : part + rendered(piece);
  });
  return new Html(text.join(""));
}

function rendered(piece: Piece): string {
  if (piece instanceof Html) return piece.markup;
  if (typeof piece === "string") return escaped(printable(piece, 2_000));
  if (typeof piece === "number") return String(piece);
  return piece.map(({ markup }) => markup).join("");
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
