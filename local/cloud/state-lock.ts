import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Makes this process the only one that works in a state folder. It waits until another process has
 * finished there, and takes over the lock of a process that died.
 *
 * @returns a function that releases the lock
 */
export async function lockState(folder: string, log: (line: string) => void): Promise<() => void> {
  const file = join(folder, ".lock");
  const token = `${process.pid} ${randomUUID()}\n`;
  let isLogged = false;
  while (!isLocked(file, token)) {
    const holder = readHolder(file);
    if (holder === null) continue;
    if (isAbandoned(file, holder)) {
      removeAbandoned(file, holder);
      continue;
    }
    if (!isLogged) log(`waiting for process ${pidOf(holder)}, which works in ${folder}`);
    isLogged = true;
    await pause(100);
  }
  // The lock file is touched regularly: after a crash, another process can have the same process
  // id, above all in a new container.
  const pulse = setInterval(() => touch(file), PULSE_MS).unref();
  const release = (): void => {
    clearInterval(pulse);
    process.removeListener("exit", release);
    if (readHolder(file) === token) rmSync(file, { force: true });
  };
  process.once("exit", release);
  return release;
}

function isLocked(file: string, token: string): boolean {
  try {
    writeFileSync(file, token, { flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readHolder(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

function isAbandoned(file: string, holder: string): boolean {
  if (!isAlive(pidOf(holder))) return true;
  const pulse = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - pulse > ABANDONED_AFTER_MS;
}

/** Only one waiting process can rename the file; the new lock of another process is put back. */
function removeAbandoned(file: string, holder: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") === holder) rmSync(aside);
    else renameSync(aside, file);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

function pidOf(holder: string): number {
  return Number(holder.split(" ")[0]);
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

const PULSE_MS = 2_000;
const ABANDONED_AFTER_MS = 60_000;
