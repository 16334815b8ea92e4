import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { LogEvent } from "../../lambdas/log.ts";
import { http, type HttpOptions } from "../../lambdas/systems/http/http.ts";

/** A real server on loopback for one test, closed with it. */
export async function serverThat(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The door, with waiting that only takes note. */
export function doorTo(baseUrl: string, options: Partial<HttpOptions> = {}) {
  const waits: number[] = [];
  const events: LogEvent[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  const log = (event: LogEvent): void => {
    events.push(event);
  };
  const door = http({ baseUrl, log, wait, random: () => 0, timeoutMs: 2_000, ...options });
  return { door, waits, events, wait, log };
}
