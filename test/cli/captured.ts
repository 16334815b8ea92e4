import { vi } from "vitest";

import { main } from "../../cli/main.ts";

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** The command that a user types, in this process, with what it wrote. */
export async function typed(...words: readonly string[]): Promise<Ran> {
  let out = "";
  let err = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    const code = await main(words);
    return { code, out, err };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
