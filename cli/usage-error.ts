/** The words on the command line, or a file they name, are not right: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
