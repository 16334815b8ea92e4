/**
 * What can be made to go wrong with the next questions, in the order told.
 *
 * A denied scope stays denied; `expireTokens` makes every token that was granted useless.
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
  /** The next `times` questions meet this fault. */
  plan(fault: Fault, times?: number): void;
  /** Fields that need this scope are refused from now on (`read_users`). */
  deny(scope: string): void;
  expireTokens(): void;
};

export type Fault =
  | { readonly kind: "none" }
  /** Throttled, whatever is in the bucket. */
  | { readonly kind: "throttle" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Half of the body under the length of the whole, then the connection is closed. */
  | { readonly kind: "cut" }
  | { readonly kind: "drop" }
  /** This body instead, as 200. */
  | { readonly kind: "body"; readonly contentType: string; readonly body: string }
  /** The right body, changed. */
  | { readonly kind: "change"; readonly change: (body: string) => string }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "redirect"; readonly to: string };
