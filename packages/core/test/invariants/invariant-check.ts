import type { Engine } from './engine.ts';

/** Something that always holds of a run, whichever plugins take part, as data: whoever has an engine can run it. */
export interface InvariantCheck {
  /** Such as `E4-writers`: the invariant by its number in `docs/architecture.md`, and what of it is held. */
  readonly id: string;
  /** What has to hold, as a sentence about the engine. */
  readonly title: string;
  run(engine: Engine): Promise<void>;
}

/** The engine does not hold it. The message says how. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

export function ensure(holds: boolean, message: string): asserts holds {
  if (!holds) throw new InvariantBroken(message);
}

/** What the work fails with. */
export async function failureUnless(work: Promise<unknown>, unless: string): Promise<unknown> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    ensure(!isStuck(error), 'a run never settles');
    return error;
  }
  throw new InvariantBroken(`${unless}: ${JSON.stringify(result).slice(0, 200)}`);
}

/** The virtual clock has nothing left that could settle what is waited for. */
function isStuck(error: unknown): boolean {
  return error instanceof Error && error.message === 'nothing is left that could settle this';
}

/** An error in one line. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  return `${'code' in error ? String(error.code) : error.name}: ${error.message}`;
}
