import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, buildSchema, type IntrospectionQuery, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import * as shipped from "../../../lambdas/systems/storefront/shopify/query.ts";

describe("the shipped questions", () => {
  const questions = [
    ...Object.values(shipped).filter((text) => typeof text === "string" && text.includes("query ")),
    ...Object.values(shipped.REST_OF),
    shipped.refundsOneByOne(3),
  ].map(String);
  const published = new URL("../../../../shared/contracts/schemas/shopify/", import.meta.url);
  const ours = new URL("../../../local/shopify/schema.graphql", import.meta.url);

  it("are valid over the simulator's schema", () => {
    const schema = buildSchema(readFileSync(ours, "utf8"));
    expect(questions.flatMap((question) => validate(schema, parse(question)))).toEqual([]);
  });

  it.runIf(existsSync(published))("are valid over the published schemas of 2026-07", () => {
    const slice = readFileSync(new URL("admin-2026-07.refund-slice.graphql", published), "utf8");
    const packed = gunzipSync(readFileSync(new URL("admin_2026-07.json.gz", published)));
    const whole = JSON.parse(packed.toString()) as IntrospectionQuery & {
      data?: IntrospectionQuery;
    };
    const all = buildClientSchema(whole.data ?? whole);
    expect(questions.flatMap((question) => validate(all, parse(question)))).toEqual([]);
    // The small schema has refunds only, no app and no customer.
    const ofRefunds = questions.filter((question) => !/currentApp|customer/.test(question));
    const small = buildSchema(slice);
    expect(ofRefunds.flatMap((question) => validate(small, parse(question)))).toEqual([]);
  });

  it("ask for nothing of a customer but the number, where money went back as credit", () => {
    const personal = /customer|email|phone|address|firstName|lastName|displayName/i;
    const without = questions.map((question) =>
      question === shipped.CREDIT_HOLDERS ? question.replace("customer { id }", "") : question,
    );
    expect(without.filter((question) => personal.test(question))).toEqual([]);
  });
});
