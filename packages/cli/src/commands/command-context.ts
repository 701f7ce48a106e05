import type { Output } from '../render/output.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { StopSignals } from '../stop-signals.ts';

/** What every command works with. */
export interface CommandContext {
  readonly output: Output;
  readonly state: StateFolder;
  readonly stop: StopSignals;
}
