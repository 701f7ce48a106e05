import { randomBytes } from 'node:crypto';

import type { EmulatorClock } from '../emulator-clock.ts';
import { ApiFault } from '../http/api-fault.ts';

export interface SessionOptions {
  /** A token dies after that long without use. */
  readonly ttlMs: number;
  /** A token dies after that many calls. */
  readonly maxCalls?: number | undefined;
}

interface Session {
  usedMs: number;
  calls: number;
}

/** The access tokens that are alive. */
export class Sessions {
  readonly #orgId: string;
  readonly #clock: EmulatorClock;
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(orgId: string, clock: EmulatorClock, options: SessionOptions) {
    this.#orgId = orgId;
    this.#clock = clock;
    this.#options = options;
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** A new access token: the org's 15-character id, `!`, and 96 characters. */
  issue(): string {
    const token = `${this.#orgId.slice(0, 15)}!${randomBytes(72).toString('base64').replaceAll('+', '.').replaceAll('/', '_')}`;
    this.#sessions.set(token, { usedMs: this.#clock.now(), calls: 0 });
    return token;
  }

  /** Counts a call. @throws {ApiFault} 401 when the header carries no token that is alive. */
  use(authorization: string | undefined): void {
    const token = tokenOf(authorization);
    const session = token === undefined ? undefined : this.#sessions.get(token);
    if (token === undefined || session === undefined) throw invalidSession();
    const { ttlMs, maxCalls = Infinity } = this.#options;
    if (this.#clock.now() - session.usedMs >= ttlMs || session.calls >= maxCalls) {
      this.#sessions.delete(token);
      throw invalidSession();
    }
    session.calls += 1;
    session.usedMs = this.#clock.now();
  }

  /** Every token given out so far is dead from now on. */
  expireAll(): void {
    this.#sessions.clear();
  }

  /** The token of this request is dead from now on. */
  expire(authorization: string | undefined): void {
    const token = tokenOf(authorization);
    if (token !== undefined) this.#sessions.delete(token);
  }
}

function tokenOf(authorization: string | undefined): string | undefined {
  return /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function invalidSession(): ApiFault {
  return new ApiFault(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}
