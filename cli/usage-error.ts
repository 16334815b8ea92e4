/** The command line, or a file that it names, is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
