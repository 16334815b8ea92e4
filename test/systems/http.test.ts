import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { doorTo, serverThat } from "./loopback.ts";

const get = { method: "GET" as const, path: "/refunds" };

describe("what passes by itself is asked again", () => {
  it("waits as long as the system asks for in seconds", async () => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { "retry-after": "2.0" }).end();
      else response.end("[]");
    });
    const { door, waits } = doorTo(url);
    expect((await door.send(get)).text).toBe("[]");
    expect(waits).toEqual([2_000]);
  });

  it("measures a Retry-After date against the system's own clock, not ours", async () => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked += 1;
      if (asked > 1) response.end("[]");
      else {
        response.writeHead(503, {
          date: "Wed, 01 Jan 2020 00:00:00 GMT",
          "retry-after": "Wed, 01 Jan 2020 00:00:07 GMT",
        });
        response.end();
      }
    });
    const { door, waits } = doorTo(url);
    await door.send(get);
    expect(waits).toEqual([7_000]);
  });

  it.each(["-5", "soon", "2026-11-22"])(
    "backs off by itself on a Retry-After of %s",
    async (value) => {
      let asked = 0;
      const url = await serverThat((_request, response) => {
        asked += 1;
        if (asked > 1) response.end("[]");
        else response.writeHead(429, { "retry-after": value }).end();
      });
      const { door, waits } = doorTo(url);
      await door.send(get);
      expect(waits).toEqual([500]);
    },
  );

  it.each([500, 502, 503, 504, 408])(
    "backs off after %i and gives up in the end",
    async (status) => {
      const url = await serverThat((_request, response) => response.writeHead(status).end());
      const { door, waits } = doorTo(url, { attempts: 4 });
      await expect(door.send(get)).rejects.toThrow(
        `GET ${url}/refunds: answered ${status}; gave up after 4 attempts`,
      );
      expect(waits).toEqual([500, 1_000, 2_000]);
    },
  );

  it("asks again when the connection drops or the body is cut off", async () => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked += 1;
      if (asked === 1) response.socket?.destroy();
      else if (asked === 2) {
        response.writeHead(200, { "content-length": "100" });
        response.write("[1, 2", () => response.socket?.destroy());
      } else response.end("[1, 2]");
    });
    const { door } = doorTo(url);
    expect((await door.send(get)).text).toBe("[1, 2]");
    expect(asked).toBe(3);
  });

  it("asks again when what says it is gzip is not", async () => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked += 1;
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(asked === 1 ? "plain" : gzipSync("[]"));
    });
    expect((await doorTo(url).door.send(get)).text).toBe("[]");
  });

  it("does not wait for a system that never ends its answer", async () => {
    const url = await serverThat((_request, response) => {
      response.write("[");
    });
    const { door } = doorTo(url, { attempts: 1, timeoutMs: 50 });
    await expect(door.send(get)).rejects.toThrow("body cut off");
  });

  it("gives up at once rather than wait past the caller's deadline", async () => {
    const url = await serverThat((_request, response) =>
      response.writeHead(429, { "retry-after": "60" }).end(),
    );
    const { door, waits } = doorTo(url, { deadline: () => 30_000 });
    await expect(door.send(get)).rejects.toMatchObject({
      name: "SystemUnavailable",
      retryAfterMs: 60_000,
    });
    expect(waits).toEqual([]);
  });

  it("makes the headers anew for each attempt", async () => {
    const seen: (string | string[] | undefined)[] = [];
    const url = await serverThat((request, response) => {
      seen.push(request.headers["x-nonce"]);
      response.writeHead(seen.length === 1 ? 500 : 200).end("{}");
    });
    let nonce = 0;
    const headers = async () => {
      nonce += 1;
      return { "x-nonce": String(nonce) };
    };
    await doorTo(url).door.send({ ...get, headers });
    expect(seen).toEqual(["1", "2"]);
  });
});

describe("what does not pass is told once", () => {
  it.each([
    [401, "Refused"],
    [403, "Refused"],
    [400, "NotUnderstood"],
    [404, "NotUnderstood"],
    [501, "NotUnderstood"],
  ])("%i is %s, without a second attempt", async (status, name) => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked += 1;
      response.writeHead(status).end("secret words");
    });
    const error = await doorTo(url)
      .door.send(get)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name, status });
    expect(String(error)).not.toContain("secret words");
    expect(asked).toBe(1);
  });

  it("answers a status that the caller handles", async () => {
    const url = await serverThat((_request, response) => response.writeHead(401).end("{}"));
    const answer = await doorTo(url).door.send({ ...get, expect: (status) => status === 401 });
    expect(answer).toMatchObject({ status: 401, text: "{}" });
  });

  it("refuses a body larger than it may be, however it is packed", async () => {
    const url = await serverThat((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000)));
    });
    const { door } = doorTo(url, { largestBody: 50_000 });
    await expect(door.send(get)).rejects.toMatchObject({ name: "PageError" });
  });

  it("never quotes a header that cannot be sent", async () => {
    const { door } = doorTo("http://127.0.0.1:9");
    const headers = { authorization: "Bearer top\nsecret" };
    const error = await door.send({ ...get, headers }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("authorization");
    expect(String(error)).not.toContain("secret");
  });
});

describe("nothing outside the configured origin is asked", () => {
  it("follows no redirect, and names both hosts", async () => {
    const url = await serverThat((_request, response) =>
      response.writeHead(302, { location: "https://elsewhere.example/login" }).end(),
    );
    const { host } = new URL(url);
    await expect(doorTo(url).door.send(get)).rejects.toThrow(
      new RegExp(`elsewhere\\.example.*${host}`),
    );
  });

  it.each([
    "https://elsewhere.example/next",
    "http://127.0.0.1:1/next",
    "http://user@127.0.0.1:8123/next",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    "http://2130706433:9/next",
  ])("refuses the next link %s before a byte is sent", async (path) => {
    const { door } = doorTo("http://127.0.0.1:8123");
    await expect(door.send({ ...get, path })).rejects.toMatchObject({ name: "ForbiddenAddress" });
  });

  it("puts a path that looks like a host behind the origin", async () => {
    const paths: (string | undefined)[] = [];
    const url = await serverThat((request, response) => {
      paths.push(request.url);
      response.end("{}");
    });
    const { door } = doorTo(url);
    await door.send({ ...get, path: "//elsewhere.example/x" });
    await door.send({ ...get, path: "@elsewhere.example/x" });
    await door.send({ ...get, path: `${url}/next?page=2` });
    expect(paths).toEqual(["/elsewhere.example/x", "/@elsewhere.example/x", "/next?page=2"]);
  });

  it("speaks plain http to this machine only", async () => {
    await expect(doorTo("http://acme.example").door.send(get)).rejects.toThrow("only https");
  });
});
