import type { Clock, Memo, Note } from '../contract/context.ts';
import type { ApiCalls, JournalEntry, JournalRecord, RunJournal } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { contractBroken } from './plugin-fault.ts';
import { countRanges } from './row-ranges.ts';
import type { RunEvent } from './run-events.ts';
import { applyEntry, foldEntries, type PartState, type RunState } from './run-state.ts';

/** Where the engine keeps what is not a plugin's. */
const RUN_SCOPE = 'run';
const FINGERPRINT = 'fingerprint';

export interface RunLogOptions {
  readonly journal: RunJournal;
  readonly clock: Clock;
  /** Written ahead of the first entry, so that a run that died before it was planned is known by it. */
  readonly fingerprint: string;
  readonly emit: (event: RunEvent) => void;
}

/** The journal of a run under way, and the state it adds up to: an entry counts once it is durable. */
export class RunLog {
  readonly state: RunState;
  readonly fingerprint: string;
  readonly #journal: RunJournal;
  readonly #clock: Clock;
  readonly #emit: (event: RunEvent) => void;
  /** Those under way to the journal too. */
  readonly #notes: Set<string>;
  #isMarked: boolean;
  readonly #unsure = new Set<PartState>();
  #calls = new Map<string, number>();
  #isClosed = false;

  constructor({ journal, clock, fingerprint, emit }: RunLogOptions) {
    this.#journal = journal;
    this.#clock = clock;
    this.fingerprint = fingerprint;
    this.#emit = emit;
    this.state = foldEntries(journal.entries, clock.now());
    this.#notes = new Set(this.state.notes.map(noteKey));
    this.#isMarked = this.state.memos.get(RUN_SCOPE)?.get(FINGERPRINT) === fingerprint;
  }

  /** Whether there is something that a plugin has started, or may have. */
  get isBegun(): boolean {
    const { planned, memos } = this.state;
    return planned !== undefined || memos.keys().some((scope) => scope !== RUN_SCOPE);
  }

  /** Whether the run began with another configuration, and left something behind that depends on it. */
  get isOfAnother(): boolean {
    return !this.#isMarked && this.isBegun;
  }

  get isEmpty(): boolean {
    return this.state.memos.size === 0 && this.state.planned === undefined;
  }

  async append(record: JournalRecord): Promise<void> {
    if (!this.#isMarked) {
      this.#isMarked = true;
      await this.#write({ kind: 'memo', scope: RUN_SCOPE, key: FINGERPRINT, value: this.fingerprint });
    }
    await this.#write(record);
    const event = eventOf(record);
    if (event !== undefined) this.#emit(event);
  }

  /** The run has settled: another process may hold it by now. */
  close(): void {
    this.#isClosed = true;
  }

  /** @throws `CONTRACT_BROKEN` when the run has settled: whoever comes then has kept what it was lent. */
  requireOpen(plugin: string, deed: string): void {
    if (this.#isClosed) throw contractBroken(plugin, `it ${deed} when the run had settled`);
  }

  /** What a plugin remembers in a scope. */
  memo(scope: string, plugin: string): Memo {
    return {
      get: (key) => this.state.memos.get(scope)?.get(key),
      set: async (key, value: Json) => {
        this.requireOpen(plugin, 'set a memo');
        await this.append({ kind: 'memo', scope, key, value });
      },
    };
  }

  /** The same note twice counts once. */
  async note(note: Note, plugin: string): Promise<void> {
    this.requireOpen(plugin, 'made a note');
    const key = noteKey(note);
    if (this.#notes.has(key)) return;
    this.#notes.add(key);
    await this.append({ kind: 'note', note });
  }

  /** From now on the part may take effect, until its result is in the journal or it is known that it has not. */
  setUnsure(parts: readonly PartState[], isUnsure: boolean): void {
    for (const part of parts) {
      if (isUnsure) this.#unsure.add(part);
      else this.#unsure.delete(part);
    }
  }

  readonly isUnsure = (part: PartState): boolean => this.#unsure.has(part);

  countCall(accountId: string): void {
    this.#calls.set(accountId, (this.#calls.get(accountId) ?? 0) + 1);
  }

  /** Calls since they were last taken, for the entry about to be written. */
  takeCalls(): ApiCalls {
    const calls = Object.fromEntries(this.#calls);
    this.#calls = new Map();
    return calls;
  }

  async #write(record: JournalRecord): Promise<void> {
    if (this.#isClosed) throw new SluiceError('INTERNAL', 'the run has settled, and its journal takes nothing more');
    const entry: JournalEntry = { ...record, atMs: this.#clock.now() };
    await this.#journal.append(entry);
    applyEntry(this.state, entry);
  }
}

function noteKey({ code, message }: Note): string {
  return JSON.stringify([code, message]);
}

function eventOf(record: JournalRecord): RunEvent | undefined {
  switch (record.kind) {
    case 'planned':
      return { kind: 'planned', source: record.source, sink: record.sink, estimate: record.estimate };
    case 'partPrepared': {
      const { part, batchBytes, rejects } = record;
      // Rows that go again were read before.
      const readRows = part.retry === undefined ? record.readRows : 0;
      return { kind: 'partPrepared', part, readRows, batchBytes, rejects };
    }
    case 'partCommitted': {
      const { part, writtenRows, rejects, inDoubt, retry } = record;
      const [inDoubtRows, retryRows] = [countRanges(inDoubt), countRanges(retry)];
      return { kind: 'partCommitted', part, writtenRows, rejects, inDoubtRows, retryRows };
    }
    case 'splitFound':
      return { kind: 'splitFound', split: record.split };
    case 'splitsEnd':
    case 'splitDone':
    case 'note':
      return record;
    case 'ended':
      return { kind: 'ended', end: record.end, leftBehind: record.leftBehind };
    case 'memo':
    case 'sidePrepared':
      return undefined;
  }
}
