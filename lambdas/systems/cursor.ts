import type * as z from "zod";

/**
 * The position that a connector has written as JSON text.
 *
 * @throws Error naming the platform, where the text is none of its positions
 */
export function cursorIn<Cursor>(
  text: string,
  schema: z.ZodType<Cursor>,
  platform: string,
): Cursor {
  const read = schema.safeParse(parsedJson(text));
  if (read.success) return read.data;
  throw new Error(`not a cursor of ${platform}'s: ${JSON.stringify(text.slice(0, 80))}`);
}

function parsedJson(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return null;
  }
}
