import { seededRandom } from '../seeded-random.ts';
import type { CataloguedFault, Draw } from './catalogued-fault.ts';
import { FAULT_CATALOGUE } from './fault-catalogue.ts';
import type { Fault } from './fault-list.ts';
import { REQUEST_KINDS, type RequestKind } from './request-kind.ts';

/** One fault of the catalogue in its place; JSON, so that a schedule can be written down and played again. */
export interface ScheduledFault {
  /** Of the catalogue. */
  readonly fault: string;
  readonly on: RequestKind;
  /** The first request of the kind it falls on, from 1. */
  readonly nth: number;
  /** How many of them it falls on; default 1. */
  readonly times?: number;
  /** Decides what the fault leaves open, such as the place in a body; default 1. */
  readonly seed?: number;
}

/** What `faults.add` takes. @throws when the catalogue has no such fault, or it cannot fall on such a request. */
export function scheduledFault({ fault: id, on, nth, times = 1, seed = 1 }: ScheduledFault): Fault {
  const found = FAULT_CATALOGUE.find((entry) => entry.id === id);
  if (found === undefined) throw new RangeError(`there is no fault "${id}"`);
  if (!found.on.includes(on)) throw new RangeError(`the fault "${id}" cannot fall on ${on}`);
  return { match: { ...REQUEST_KINDS[on], nth, times }, action: found.action(drawFrom(seededRandom(seed))) };
}

export interface DrawOptions {
  readonly seed: number;
  readonly count: number;
  /** Requests of a kind it may fall on, from the first; default 4. */
  readonly requests?: number;
  /** Faults to draw from; default: all. */
  readonly from?: readonly CataloguedFault[];
}

/** Faults at random, the same for the same seed. */
export function drawFaults({ seed, count, requests = 4, from = FAULT_CATALOGUE }: DrawOptions): ScheduledFault[] {
  const draw = drawFrom(seededRandom(seed));
  return Array.from({ length: count }, () => {
    const { id, on } = oneOf(from, draw);
    return { fault: id, on: oneOf(on, draw), nth: draw(requests), seed: draw(1_000_000) };
  });
}

function drawFrom(random: () => number): Draw {
  return (most) => 1 + Math.floor(random() * most);
}

function oneOf<Value>(values: readonly Value[], draw: Draw): Value {
  if (values.length === 0) throw new RangeError('there is nothing to draw from');
  return values[draw(values.length) - 1]!;
}
