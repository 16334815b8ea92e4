import { printable } from "./printable.ts";

/**
 * A paragraph as lines of at most `width` columns; `indent` is put before the later lines. A word
 * that is longer than a line is cut, because plain mail cannot show it otherwise.
 */
export function wrap(text: string, width = WIDTH, indent = ""): readonly string[] {
  const room = width - indent.length;
  const words = printable(text, 2_000)
    .split(" ")
    .filter((word) => word !== "")
    .flatMap((word) => pieces(Array.from(word), room));
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const start = lines.length === 0 ? "" : indent;
    if (line === "") line = start + word;
    else if (columns(line) + 1 + columns(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Mail programs show this many columns without adding line breaks. */
export const WIDTH = 72;

function columns(text: string): number {
  return Array.from(text).length;
}

function pieces(word: readonly string[], room: number): readonly string[] {
  const count = Math.ceil(word.length / room);
  return Array.from({ length: count }, (_, index) =>
    word.slice(index * room, (index + 1) * room).join(""),
  );
}
