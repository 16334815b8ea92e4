import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** The lines of an NDJSON file with the place where each begins; one piece of the file in memory at a time. */
export function* linesOf(file: string): Generator<{ readonly line: string; readonly at: number }> {
  const open = openSync(file, "r");
  const piece = Buffer.allocUnsafe(PIECE);
  let at = 0;
  try {
    for (;;) {
      const read = readSync(open, piece, 0, PIECE, at);
      const end = read === 0 ? -1 : piece.lastIndexOf(10, read - 1);
      if (end < 0) return;
      const text = piece.toString("latin1", 0, end + 1);
      let from = 0;
      for (let stop = text.indexOf("\n"); stop >= 0; stop = text.indexOf("\n", from)) {
        yield { line: text.slice(from, stop), at: at + from };
        from = stop + 1;
      }
      at += end + 1;
    }
  } finally {
    closeSync(open);
  }
}

/** Single lines by the place where they begin; each file is opened once. */
export class LinesAt {
  readonly #files = new Map<string, number>();
  readonly #fileOf: (block: number, side: string) => string;
  readonly #piece = Buffer.allocUnsafe(LONGEST_LINE);

  constructor(fileOf: (block: number, side: string) => string) {
    this.#fileOf = fileOf;
  }

  at(side: string, block: number, place: number): string {
    const name = this.#fileOf(block, side);
    const file = this.#files.get(name) ?? openSync(name, "r");
    this.#files.set(name, file);
    const read = readSync(file, this.#piece, 0, LONGEST_LINE, place);
    const end = this.#piece.indexOf(10);
    return this.#piece.toString("latin1", 0, end < 0 || end > read ? read : end);
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }
}

/** How many blocks a generated world has. */
export function blocksOf(dir: string): number {
  let blocks = 0;
  while (existsSync(join(dir, `refunds-${blocks}.ndjson`))) blocks++;
  return blocks;
}

const PIECE = 1 << 18;
const LONGEST_LINE = 4_096;
