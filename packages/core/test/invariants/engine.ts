import { abandon } from '../../src/engine/abandon.ts';
import { copy } from '../../src/engine/copy.ts';
import { read } from '../../src/engine/read.ts';

/** What the invariants are about: whatever copies, reads and gives up as the engine does. */
export interface Engine {
  readonly copy: typeof copy;
  readonly read: typeof read;
  readonly abandon: typeof abandon;
}

export const engine: Engine = { copy, read, abandon };
