/**
 * The planned faults of the next queries, in the order in which they were planned.
 *
 * A denied scope stays denied; `expireTokens` makes every granted token invalid.
 */
export function faultPlan(expireTokens: () => void): Faults & {
  readonly denied: ReadonlySet<string>;
  next(): Fault | null;
} {
  const planned: Fault[] = [];
  const denied = new Set<string>();
  return {
    denied,
    next: () => planned.shift() ?? null,
    expireTokens,
    deny: (scope) => {
      denied.add(scope);
    },
    plan: (fault, times = 1) => {
      for (let time = 0; time < times; time += 1) planned.push(fault);
    },
  };
}

export type Faults = {
  /** The next `times` queries get this fault. */
  plan(fault: Fault, times?: number): void;
  /** Fields that need this scope are refused from now on (`read_users`). */
  deny(scope: string): void;
  expireTokens(): void;
};

export type Fault =
  | { readonly kind: "none" }
  /** Throttled, even if the bucket has enough points. */
  | { readonly kind: "throttle" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Half of the body with the content length of the whole body; then the connection is closed. */
  | { readonly kind: "cut" }
  | { readonly kind: "drop" }
  /** This body with status 200. */
  | { readonly kind: "body"; readonly contentType: string; readonly body: string }
  /** The correct body with a change. */
  | { readonly kind: "change"; readonly change: (body: string) => string }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "redirect"; readonly to: string };
