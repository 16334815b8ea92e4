/** A platform that is to be added. */
export type NewPlatform = {
  readonly role: "storefront" | "erp";
  /** As the brand file names it: "woocommerce". */
  readonly name: string;
  /** As people call it: "WooCommerce". */
  readonly title: string;
};

/** @throws Error naming the option and what is allowed */
export function platformOf(asked: {
  readonly role: string;
  readonly name: string;
  readonly title?: string | undefined;
}): NewPlatform {
  const { role, name } = asked;
  if (role !== "storefront" && role !== "erp") {
    throw new Error(`--role: wanted storefront or erp, got ${JSON.stringify(role)}`);
  }
  if (!/^[a-z][a-z0-9]{1,29}$/.test(name)) {
    throw new Error(`--name: wanted a-z and 0-9, such as woocommerce, got ${JSON.stringify(name)}`);
  }
  const title = asked.title ?? `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (!/^[A-Za-z0-9][A-Za-z0-9 ./&-]{0,39}$/.test(title)) {
    throw new Error("--title: wanted letters, digits and blanks, at most 40");
  }
  return { role, name, title };
}

/** "woocommerce" becomes "Woocommerce". */
export function pascal(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
