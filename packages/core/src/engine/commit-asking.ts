import type { CommitContext, PartId, Reject } from '../contract/sink.ts';
import { mayRetry, type VerdictParts } from './copy-parts.ts';
import { pluginContext } from './plugin-context.ts';
import { contractBroken } from './plugin-fault.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { RowVerdicts } from './row-verdicts.ts';
import { partName, type PartState } from './run-state.ts';
import { SINK_SCOPE } from './staged-parts.ts';

/** One attempt at a commit, which asks anew about all that it rejects. */
export class CommitAsking {
  readonly #parts: VerdictParts;
  readonly #states: ReadonlyMap<string, PartState>;
  readonly #asked = new RejectGroups();
  readonly #verdicts = new Map<PartState, RowVerdicts>();
  #refusal: unknown;

  constructor(parts: VerdictParts, states: readonly PartState[]) {
    this.#parts = parts;
    this.#states = statesByName(states);
  }

  get context(): CommitContext {
    const { run, sink, signal } = this.#parts;
    return {
      ...pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal }),
      requireAllowed: (part, rejects) => this.#requireAllowed(part, rejects),
    };
  }

  /** Whether this is what was answered, and has been let pass: whoever asks has made nothing visible yet. */
  isRefusal(error: unknown): boolean {
    return this.#refusal !== undefined && error === this.#refusal;
  }

  #requireAllowed(part: PartId, rejects: readonly Reject[]): void {
    const { sink, limit, signal } = this.#parts;
    // Of a run that has been aborted, nothing is to become visible any more.
    signal.throwIfAborted();
    const state = this.#states.get(partName(part));
    if (state === undefined) {
      throw contractBroken(sink.name, `it rejects rows of ${partName(part)}, which was not committed`);
    }
    // What is in the journal is counted already.
    if (state.committed !== undefined) return;
    for (const reject of rejects) this.#add(state, reject);
    try {
      limit.checkCommit(this.#asked, [...this.#states.values()], sink.traits.commit);
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
  }

  #add(state: PartState, reject: Reject): void {
    const { part } = state.prepared;
    const verdicts = this.#verdicts.get(state) ?? new RowVerdicts(state, this.#parts.sink.name);
    this.#verdicts.set(state, verdicts);
    verdicts.take(reject.row);
    if (reject.retryable && mayRetry(this.#parts, part)) return;
    const row = state.startRow + verdicts.unseen.readRow(reject.row);
    this.#asked.add(groupOf('commit', reject, { split: part.split, row }));
  }
}

export function statesByName(states: readonly PartState[]): ReadonlyMap<string, PartState> {
  return new Map(states.map((state) => [partName(state.prepared.part), state]));
}
