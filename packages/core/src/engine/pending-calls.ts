import type { Clock } from '../contract/context.ts';
import type { LeftBehind } from '../contract/source.ts';

/** A call of a plugin's method that has not settled yet. */
export interface PendingCall {
  /** Its role and its name, such as `sink files`. */
  readonly plugin: string;
  /** The method, and the part where it is about one, such as `write of part 0 of split 0`. */
  readonly call: string;
  /** When it began, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** The calls of one plugin that are under way. How long a call takes is the plugin's to say, until the run is aborted. */
export class PendingCalls {
  /** Its role and its name. */
  readonly plugin: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #calls = new Set<PendingCall>();
  readonly #named = new WeakSet<PendingCall>();

  constructor(plugin: string, clock: Pick<Clock, 'now'>) {
    this.plugin = plugin;
    this.#clock = clock;
  }

  get calls(): readonly PendingCall[] {
    return [...this.#calls];
  }

  /**
   * A call that would begin when its `signal` has aborted does not: what goes on behind a call that was left alone, in a run
   * that has settled by then, starts nothing any more.
   */
  async watch<T>(call: string, work: () => PromiseLike<T> | T, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const pending: PendingCall = { plugin: this.plugin, call, sinceMs: this.#clock.now() };
    this.#calls.add(pending);
    try {
      return await work();
    } finally {
      this.#calls.delete(pending);
    }
  }

  /** Those that are to be named as overdue, each of them once. */
  takeUnnamed(): readonly PendingCall[] {
    const calls = this.calls.filter((call) => !this.#named.has(call));
    for (const call of calls) this.#named.add(call);
    return calls;
  }
}

/** Calls that have not settled `graceMs` after they were aborted: what they do from now on, nobody sees. */
export function unsettledCalls(calls: readonly PendingCall[], graceMs: number): readonly LeftBehind[] {
  return calls.map(({ plugin, call }) => ({
    kind: 'unsettled call',
    id: `${call}, ${plugin}`,
    reason: `It did not settle within ${graceMs} ms of being aborted.`,
    hint: 'A call has to end when its signal aborts: this is a defect of the plugin; report it to its author.',
  }));
}
