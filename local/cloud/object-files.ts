import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { BuildAppOptions } from "fauxqs";

export type ObjectStore = NonNullable<BuildAppOptions["stores"]>["s3Store"];
type StoredObject = ReturnType<ObjectStore["getObject"]>;

/**
 * Keeps the objects of an S3 emulator as plain files, `<folder>/<bucket>/<key>`.
 *
 * A put writes the complete file to the disk before it is answered, or nothing. A file is read only
 * when it is requested, so that a folder with thousands of objects opens at once. What a file
 * cannot store (content type, metadata) is not kept.
 */
export function keepInFiles(store: ObjectStore, folder: string): ObjectStore {
  const missing = { get: store.getObject.bind(store), make: store.createBucket.bind(store) };
  const fileOf = (bucket: string, key: string): string => join(folder, bucket, ...safeParts(key));

  const files = store;
  files.createBucket = (bucket) => {
    missing.make(bucket);
    mkdirSync(join(folder, bucket), { recursive: true });
  };
  files.putObject = (bucket, key, body, contentType = OCTETS) => {
    const file = fileOf(bucket, key);
    mkdirSync(dirname(file), { recursive: true });
    const aside = join(folder, `.${randomUUID()}`);
    writeFileSync(aside, body);
    renameSync(aside, file);
    return { ...asObject(key, body, statSync(file).mtime), contentType };
  };
  files.headObject = (bucket, key) => files.getObject(bucket, key);
  files.getObject = (bucket, key) => {
    const file = fileOf(bucket, key);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return missing.get(bucket, key); // S3's error: no such key
    return asObject(key, readFileSync(file), found.mtime);
  };
  files.deleteObject = (bucket, key) => rmSync(fileOf(bucket, key), { force: true });
  files.listObjects = (bucket, { prefix = "", delimiter, maxKeys = 1_000, ...from } = {}) => {
    if (delimiter !== undefined) throw new Error("the local cloud lists keys without delimiter");
    const after = from.startAfter ?? from.marker ?? "";
    const keys = keysBelow(join(folder, bucket), prefix).filter((key) => key > after);
    const objects = keys.slice(0, maxKeys).map((key) => {
      const { size, mtime } = statSync(fileOf(bucket, key));
      return { ...asObject(key, Buffer.alloc(0), mtime), contentLength: size };
    });
    return { objects, commonPrefixes: [], isTruncated: keys.length > maxKeys };
  };
  return files;
}

/** Keys in the order of S3: by their bytes. */
function keysBelow(bucket: string, prefix: string): readonly string[] {
  const top = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const root = join(bucket, ...safeParts(top));
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(bucket.length + 1))
    .map((path) => path.split(sep).join("/"))
    .filter((key) => key.startsWith(prefix))
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function asObject(key: string, body: Buffer, lastModified: Date): StoredObject {
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  const contentLength = body.length;
  return { key, body, contentType: OCTETS, contentLength, etag, lastModified, metadata: {} };
}

/** S3 accepts any key, a file system does not; and no path may leave the bucket's folder. */
function safeParts(key: string): readonly string[] {
  const parts = key.split("/");
  if (parts.at(-1) === "") parts.pop();
  if (parts.some((part) => /^\.{0,2}$|[\\\0]/.test(part))) {
    throw new Error(`the local cloud cannot keep the key ${JSON.stringify(key)} as a file`);
  }
  return parts;
}

const OCTETS = "application/octet-stream";
