import { PageError } from "./page-error.ts";

/**
 * Reads an answer's body as it comes, never more than `largest` bytes.
 *
 * A body whose connection breaks, whose length is not the one announced (fetch sees to that) or that
 * does not unpack is cut off: it may be asked for again. One that is too large is a
 * {@link PageError}: it would be as large again.
 */
export async function readBody(
  response: Response,
  what: string,
  largest: number,
): Promise<{ kind: "whole"; text: string } | { kind: "cut"; trouble: string }> {
  const chunks: Uint8Array[] = [];
  const coming: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  let size = 0;
  try {
    for await (const chunk of coming) {
      size += chunk.byteLength;
      if (size > largest) throw new PageError(what, `a body over ${largest} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PageError) throw error;
    return { kind: "cut", trouble: `connection lost after ${size} bytes` };
  }
  return { kind: "whole", text: new TextDecoder().decode(Buffer.concat(chunks)) };
}
