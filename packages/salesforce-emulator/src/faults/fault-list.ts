import type { IncomingRequest } from '../http/incoming-request.ts';
import { matchesRequest, type RequestMatch } from '../http/request-match.ts';
import type { FaultAction } from './fault-action.ts';

export interface FaultMatch extends RequestMatch {
  /** The first matching request it falls on, counted from 1 since the fault was added; default 1. */
  readonly nth?: number;
  /** How many matching requests it falls on; default 1 when `nth` is given, else all. */
  readonly times?: number;
}

export interface Fault {
  readonly match: FaultMatch;
  readonly action: FaultAction;
}

/** A fault that was added; disposing of it takes it back. */
export interface AddedFault extends Disposable {
  /** How many requests it fell on. */
  readonly hits: number;
}

interface Entry {
  readonly fault: Fault;
  matches: number;
  hits: number;
}

/** The script of what goes wrong. */
export class FaultList {
  readonly #entries = new Set<Entry>();

  add(fault: Fault): AddedFault {
    const { nth = 1, times = 1 } = fault.match;
    if (!(nth >= 1) || !(times >= 1)) throw new RangeError('nth and times count from 1');
    const entry: Entry = { fault, matches: 0, hits: 0 };
    this.#entries.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      [Symbol.dispose]: () => void this.#entries.delete(entry),
    };
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The actions that fall on a request, in the order they were added. Counts the request. */
  take(request: IncomingRequest): readonly FaultAction[] {
    return [...this.#entries].flatMap((entry) => {
      const { match, action } = entry.fault;
      if (!matchesRequest(match, request)) return [];
      entry.matches += 1;
      const first = match.nth ?? 1;
      const times = match.times ?? (match.nth === undefined ? Infinity : 1);
      if (entry.matches < first || entry.matches >= first + times) return [];
      entry.hits += 1;
      return [action];
    });
  }
}
