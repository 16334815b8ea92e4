import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { addPlatform } from "../../local/new-platform/add-platform.ts";
import { platformOf } from "../../local/new-platform/new-platform.ts";
import { registrationsOf } from "../../local/new-platform/registrations.ts";

describe("the skeleton of a new platform", () => {
  it.each([
    ["storefront", "woocommerce", "WooCommerce"],
    ["erp", "dynamics", "Dynamics 365"],
  ])("of a %s is written, and registered where the others are", (role, name, title) => {
    const platform = platformOf({ role, name, title });
    const folder = copyOf(registrationsOf(platform).map(({ file }) => file));
    const { written, changed } = addPlatform(platform, folder);
    expect(written).toHaveLength(6);
    for (const file of changed) {
      expect(readFileSync(join(folder, file), "utf8"), file).toContain(name);
    }
    const names = readFileSync(join(folder, "lambdas/platforms.ts"), "utf8");
    expect(names).toContain(`${name}: "${title}",`);
    expect(names).toMatch(
      new RegExp(String.raw`${role.toUpperCase()}_PLATFORMS = \[.*"${name}"\]`),
    );
    expect(() => addPlatform(platform, folder)).toThrow(/exists already/);
  });

  it("is not begun where a place of registration has changed", () => {
    const platform = platformOf({ role: "erp", name: "dynamics" });
    const folder = copyOf(registrationsOf(platform).map(({ file }) => file));
    cpSync(join(folder, "docs/platforms/README.md"), join(folder, "lambdas/platforms.ts"));
    expect(() => addPlatform(platform, folder)).toThrow(
      /^lambdas\/platforms\.ts: wanted .* exactly once/,
    );
    expect(readFileSync(join(folder, "docs/platforms/README.md"), "utf8")).not.toContain(
      "skeleton",
    );
  });

  it.each([
    [{ role: "shop", name: "a1" }, /^--role: wanted storefront or erp/],
    [{ role: "erp", name: "Dynamics 365" }, /^--name: wanted a-z and 0-9/],
    [{ role: "erp", name: "dynamics", title: 'a";' }, /^--title/],
  ])("is refused for %j", (asked, message) => {
    expect(() => platformOf(asked)).toThrow(message);
  });
});

function copyOf(files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "new-platform-"));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  return folder;
}
