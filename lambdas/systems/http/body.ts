import { PageError } from "./page-error.ts";

/**
 * Reads the body of an answer in chunks, up to `largest` bytes.
 *
 * The result is `cut` when the connection breaks, when the length differs from the announced length
 * (fetch checks that) or when the decompression fails: the caller may repeat the request. A body
 * that is too large is a {@link PageError}, because it would be too large again.
 */
export async function readBody(
  response: Response,
  what: string,
  largest: number,
): Promise<{ kind: "whole"; text: string } | { kind: "cut"; trouble: string }> {
  const chunks: Uint8Array[] = [];
  const received: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  let size = 0;
  try {
    for await (const chunk of received) {
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
