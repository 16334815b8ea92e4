import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** The lines of an NDJSON file, one piece of the file in memory at a time. */
export function* linesOf(file: string): Generator<string> {
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
        yield text.slice(from, stop);
        from = stop + 1;
      }
      at += end + 1;
    }
  } finally {
    closeSync(open);
  }
}

/** How many blocks a generated world has. */
export function blocksOf(dir: string): number {
  let blocks = 0;
  while (existsSync(join(dir, `refunds-${blocks}.ndjson`))) blocks++;
  return blocks;
}

const PIECE = 1 << 18;
