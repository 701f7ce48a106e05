export interface ClockOptions {
  /** What the clock shows at the start, in milliseconds since the epoch; default: the time of the machine. */
  readonly startMs?: number | undefined;
  /** The clock stands still, but for `advance`. */
  readonly frozen?: boolean;
}

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** The time of the org: what its `Date` header says, and what its delays, sessions and retention are measured by. */
export class EmulatorClock {
  readonly #frozen: boolean;
  readonly #timers = new Set<Timer>();
  #offsetMs: number;
  #wakeUp: NodeJS.Timeout | undefined;

  constructor({ startMs, frozen = false }: ClockOptions = {}) {
    this.#frozen = frozen;
    this.#offsetMs = frozen ? (startMs ?? Date.now()) : (startMs ?? Date.now()) - Date.now();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#frozen ? this.#offsetMs : Date.now() + this.#offsetMs;
  }

  /** Moves the clock on, and does at once what falls due by it. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('the clock runs forwards only');
    this.#offsetMs += ms;
    this.#fire();
  }

  /** Calls `action` once after `delayMs`, unless the returned handle is disposed of before. */
  after(delayMs: number, action: () => void): Disposable {
    const timer = { dueMs: this.now() + delayMs, action };
    this.#timers.add(timer);
    this.#arm();
    return {
      [Symbol.dispose]: () => {
        if (this.#timers.delete(timer)) this.#arm();
      },
    };
  }

  #fire(): void {
    const nowMs = this.now();
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    for (const timer of due) if (this.#timers.delete(timer)) timer.action();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#wakeUp);
    this.#wakeUp = undefined;
    if (this.#frozen || this.#timers.size === 0) return;
    const nextMs = Math.min(...[...this.#timers].map(({ dueMs }) => dueMs));
    // A timer of Node's holds 31 bits; an early wake-up only arms the next one.
    const delayMs = Math.min(Math.max(nextMs - this.now(), 0), 0x7fff_ffff);
    this.#wakeUp = setTimeout(() => this.#fire(), delayMs).unref();
  }
}
