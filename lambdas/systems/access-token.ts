/**
 * An access token that a platform grants for some time, kept in memory until shortly before its end.
 * Whoever asks while one is being granted waits for the same token.
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
    /** How long before its end a token is no longer used, milliseconds. */
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

  /** The platform refused it before its end: the next request asks for another. */
  forget(): void {
    this.#kept = null;
  }

  async #ask(): Promise<{ readonly token: string; readonly until: number }> {
    const askedAt = this.#now();
    const { token, seconds } = await this.#grant();
    return { token, until: askedAt + seconds * 1_000 - this.#spareMs };
  }
}

/** A token and for how long it is good. */
export type Granted = { readonly token: string; readonly seconds: number };
