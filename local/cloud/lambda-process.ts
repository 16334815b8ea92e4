import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { transformSync } from "esbuild";

import type { Invocation } from "./invocation.ts";
import { startRuntimeApi } from "./runtime-api.ts";
import type { RuntimeApi } from "./runtime-api.ts";

/** One deployed function: its process starts at the first call, is kept, and ends with ours. */
export type LambdaProcess = {
  invoke(event: unknown, timeoutMs?: number): Promise<Invocation>;
  stop(): Promise<void>;
};

export type Deployed = {
  readonly name: string;
  readonly arn: string;
  /** The bundle's folder. */
  readonly assets: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
};

export function lambdaProcess(deployed: Deployed): LambdaProcess {
  let running: Promise<Running> | null = null;
  let previous: Promise<unknown> = Promise.resolve();

  const invokeNow = async (event: unknown, timeoutMs: number): Promise<Invocation> => {
    running ??= begin(deployed);
    const now = await running;
    const outcome = await now.invoke(event, timeoutMs);
    if (outcome === "process ended") {
      running = null;
      await now.stop();
      const error = now.ended() ?? `timed out after ${timeoutMs} ms and was stopped`;
      return { ok: false, error: `${deployed.name}: ${error}` };
    }
    return outcome;
  };

  return {
    // One call at a time, like the schedules of one function. The process keeps its caches.
    invoke: (event, timeoutMs = deployed.timeoutMs) => {
      const result = previous.then(() => invokeNow(event, timeoutMs));
      previous = result.catch(() => {});
      return result;
    },
    stop: async () => {
      const now = await running;
      running = null;
      await now?.stop();
    },
  };
}

type Running = {
  invoke(event: unknown, timeoutMs: number): Promise<Invocation | "process ended">;
  /** How it ended by itself; null while it runs. */
  ended(): string | null;
  stop(): Promise<void>;
};

async function begin(deployed: Deployed): Promise<Running> {
  const api = await startRuntimeApi(deployed.arn);
  const child = startChild(deployed, api);
  let ended: string | null = null;
  const closed = new Promise<void>((done) => {
    child.once("error", (error) => (ended = error.message));
    child.once("close", (code, signal) => {
      ended ??= signal === null ? `its process ended with ${code}` : null;
      done();
    });
  });
  return {
    ended: () => ended,
    invoke: async (event, timeoutMs) => {
      let alarm: NodeJS.Timeout | undefined;
      const tooLate = new Promise<"process ended">((done) => {
        alarm = setTimeout(() => done("process ended"), timeoutMs);
      });
      const gone = closed.then((): "process ended" => "process ended");
      const outcome = await Promise.race([api.invoke(event, timeoutMs), tooLate, gone]);
      clearTimeout(alarm);
      return outcome;
    },
    stop: async () => {
      child.kill("SIGKILL");
      await closed;
      await api.stop();
    },
  };
}

/** The loop of `runtime.ts`, compiled so that plain Node can run it. */
let loop: string | null = null;
function runtimeLoop(): string {
  const source = readFileSync(join(import.meta.dirname, "runtime.ts"), "utf8");
  loop ??= transformSync(source, { loader: "ts", format: "esm", target: "node20" }).code;
  return loop;
}

function startChild(
  { name, assets, handler, memoryMb, environment, log }: Deployed,
  api: RuntimeApi,
): ChildProcessByStdio<Writable, Readable, Readable> {
  const child = spawn(
    process.execPath,
    [
      "--no-warnings",
      `--max-old-space-size=${memoryMb}`,
      "--input-type=module",
      "--eval",
      runtimeLoop(),
    ],
    {
      cwd: assets,
      // Nothing from our own environment, because the template must set all that a handler needs.
      env: {
        ...environment,
        TZ: ":UTC",
        PATH: process.env["PATH"],
        _HANDLER: handler,
        LAMBDA_TASK_ROOT: assets,
        AWS_LAMBDA_RUNTIME_API: api.host,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  child.stdin.on("error", () => {}); // the process ended first: its exit code is reported
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("\u0000")) api.logged(line.slice(1));
    else log(line);
  });
  createInterface({ input: child.stderr }).on("line", log);
  return child;
}
