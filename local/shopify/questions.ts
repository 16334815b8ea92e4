import { readFileSync } from "node:fs";
import { buildSchema, type DocumentNode, graphql, GraphQLError, parse, validate } from "graphql";
import * as z from "zod";
import type { Life } from "../life/life.ts";
import type { Bucket } from "./bucket.ts";
import { costOf } from "./cost.ts";
import { rootOf } from "./root.ts";
import { worlds } from "./world.ts";

/**
 * Executes a GraphQL query over the life. The query is paid from the bucket, and the answer
 * contains its cost.
 *
 * A query that is valid for `schema.graphql` is answered; any other query is an error, as in
 * Shopify. A throttled query, and a query over 1,000 points, get status 200 without data.
 */
export function questions(options: {
  readonly life: Life;
  readonly clock: () => string;
  readonly bucket: Bucket;
  readonly denied: ReadonlySet<string>;
}): (body: string, throttle: boolean) => Promise<Reply> {
  const { life, clock, bucket, denied } = options;
  const worldAt = worlds(life);

  return async (body, throttle) => {
    const { query, variables } = bodySchema.parse(JSON.parse(body));
    const document = parsed(query);
    if (document instanceof GraphQLError) return withoutCost([document]);
    const problems = validate(SCHEMA, document);
    if (problems.length > 0) return withoutCost(problems);

    const question = { schema: SCHEMA, document, variables };
    const requested = costOf(question);
    if (requested > MOST) {
      const message = `Query cost is ${requested}, which exceeds the single query max cost limit ${MOST}`;
      return refused(requested, bucket, message, "MAX_COST_EXCEEDED");
    }
    if (throttle || !bucket.affords(requested)) {
      return refused(requested, bucket, "Throttled", "THROTTLED");
    }
    const now = clock();
    const rootValue = rootOf(life, worldAt(now), { denied, now });
    const result = await graphql({
      schema: SCHEMA,
      source: query,
      rootValue,
      variableValues: variables,
    });
    const actual = Math.min(requested, costOf(question, result.data ?? null));
    bucket.pay(actual);
    const cost = {
      requestedQueryCost: requested,
      actualQueryCost: actual,
      throttleStatus: bucket.status(),
    };
    const errors = result.errors === undefined ? {} : { errors: result.errors };
    return {
      cost: { requested, actual, throttled: false },
      text: JSON.stringify({ ...errors, data: result.data ?? null, extensions: { cost } }),
    };
  };
}

export type Reply = {
  readonly text: string;
  readonly cost: {
    readonly requested: number;
    readonly actual: number;
    readonly throttled: boolean;
  };
};

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function withoutCost(errors: readonly GraphQLError[]): Reply {
  return {
    text: JSON.stringify({ errors }),
    cost: { requested: 0, actual: 0, throttled: false },
  };
}

function refused(requested: number, bucket: Bucket, message: string, code: string): Reply {
  const cost = {
    requestedQueryCost: requested,
    actualQueryCost: null,
    throttleStatus: bucket.status(),
  };
  const errors = [{ message, extensions: { code } }];
  return {
    text: JSON.stringify({ errors, extensions: { cost } }),
    cost: { requested, actual: 0, throttled: code === "THROTTLED" },
  };
}

const bodySchema = z.object({
  query: z.string(),
  variables: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((given) => given ?? {}),
});

const SCHEMA = buildSchema(readFileSync(new URL("schema.graphql", import.meta.url), "utf8"));
const MOST = 1_000;
