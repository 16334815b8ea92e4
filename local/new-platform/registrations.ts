import { type NewPlatform, pascal } from "./new-platform.ts";

/** A text that is written into a file before another text, which the file has exactly once. */
export type Registration = {
  readonly file: string;
  readonly before: string;
  readonly text: string;
};

/** All places that name the platforms. */
export function registrationsOf({ role, name, title }: NewPlatform): readonly Registration[] {
  const isShop = role === "storefront";
  const Name = pascal(name);
  return [
    {
      file: "lambdas/platforms.ts",
      before: isShop
        ? "] as const;\nexport const ERP_PLATFORMS"
        : "] as const;\n\nexport type StorefrontName",
      text: `, "${name}"`,
    },
    {
      file: "lambdas/platforms.ts",
      before: isShop ? '  netsuite: "NetSuite",' : "};",
      text: `  ${name}: "${title}",\n`,
    },
    {
      file: "lambdas/systems/connect.ts",
      before: isShop ? "  },\n  erp: {\n    netsuite:" : "  },\n};\n\nfunction inSmallLetters",
      text: isShop
        ? `    ${name}: async ({ storefront }, { outside, ...by }) => {
      const { ${name} } = await import("./storefront/${name}/${name}.ts");
      return fromStorefront(${name}({ ...storefront, ...by, ...outside }));
    },\n`
        : `    ${name}: async ({ erp }, { outside, ...by }) => {
      const { ${name} } = await import("./erp/${name}/${name}.ts");
      return fromErp(${name}({ ...erp, ...by, ...outside }));
    },\n`,
    },
    {
      file: "local/platforms.ts",
      before: isShop
        ? "};\n\nexport const ERPS"
        : "};\n\n/** The rate limit of Shopify's largest plan",
      text: `  ${name}: {
    start: async (life, clock) => {
      const { start${Name} } = await import("./${name}/serve.ts");
      return start${Name}({ life, clock });
    },
    desk: async (life, clock) => {
      const { ${name}Simulator } = await import("./${name}/serve.ts");
      return ${name}Simulator({ life, clock });
    },
    settings: ({ settings }) => (${
      isShop
        ? "{ integrationApps: [...settings.storefrontMachines], channels: [...settings.channels] }"
        : "{ integrationUsers: settings.erpMachines.map(({ id }) => id) }"
    }),
  },\n`,
    },
    {
      file: "faults/platforms.ts",
      before: 'import { netsuitePlatform } from "./platforms/netsuite.ts";',
      text: `import { ${name}Platform } from "./platforms/${name}.ts";\n`,
    },
    {
      file: "faults/platforms.ts",
      before: isShop ? "  netsuitePlatform,\n" : "];\n",
      text: `  ${name}Platform,\n`,
    },
    {
      file: "docs/architecture.md",
      before: "`lambdas/systems/erp/netsuite`, `lambdas/systems/erp/sap`",
      text: `\`lambdas/systems/${role}/${name}\`, `,
    },
    {
      file: "docs/platforms/README.md",
      before: "## Storefronts\n",
      text: `**${title}** is a skeleton: a pull of it says what is not built yet ([its page](${name}.md)).\n\n`,
    },
  ];
}
