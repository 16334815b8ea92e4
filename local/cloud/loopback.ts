import type { Server } from "node:http";

import type { Service } from "./service.ts";

/** Starts the server on a free port of the loopback interface only. */
export async function listenOnLoopback(server: Server): Promise<Service> {
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen({ host: "127.0.0.1", port: 0 }, done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error(`wanted a port on 127.0.0.1, got ${JSON.stringify(address)}`);
  }
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((done, failed) => {
        server.close((error) => (error instanceof Error ? failed(error) : done()));
        server.closeAllConnections();
      }),
  };
}
