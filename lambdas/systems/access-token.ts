/**
 * An access token with a limited lifetime, kept in memory until shortly before it expires. A caller
 * that asks while a token is being granted waits for that same token.
 */
export class AccessToken {
  readonly #grant: () => Promise<Granted>;
  readonly #spareMs: number;
  /** Milliseconds since the epoch. */
  readonly #now: () => number;
  #kept: Promise<{ readonly token: string; readonly until: number }> | null = null;

  constructor({
    grant,
    spareMs,
    now,
  }: {
    readonly grant: () => Promise<Granted>;
    /** A token is renewed this many milliseconds before it expires. */
    readonly spareMs: number;
    readonly now: () => number;
  }) {
    this.#grant = grant;
    this.#spareMs = spareMs;
    this.#now = now;
  }

  async value(): Promise<string> {
    const kept = this.#kept === null ? null : await this.#kept;
    return kept !== null && kept.until > this.#now() ? kept.token : this.renew();
  }

  async renew(): Promise<string> {
    const asked = this.#ask();
    this.#kept = asked;
    try {
      return (await asked).token;
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      throw error;
    }
  }

  /** Drops a token that the platform refused before it expired: the next request gets a new one. */
  forget(): void {
    this.#kept = null;
  }

  async #ask(): Promise<{ readonly token: string; readonly until: number }> {
    const askedAt = this.#now();
    const { token, seconds } = await this.#grant();
    return { token, until: askedAt + seconds * 1_000 - this.#spareMs };
  }
}

/** A token and its lifetime. */
export type Granted = { readonly token: string; readonly seconds: number };
