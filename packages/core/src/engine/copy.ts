import { randomUUID } from 'node:crypto';

import type { Clock } from '../contract/context.ts';
import type { Journal, SideName } from '../contract/journal.ts';
import type { Mapping } from '../contract/mapping.ts';
import type { Intent, Sink } from '../contract/sink.ts';
import type { LeftBehind, Source } from '../contract/source.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { sqliteJournal } from '../journal/sqlite-journal.ts';
import { linkedController } from './abort.ts';
import { disposeAll } from './clean-up.ts';
import { runCopy } from './copy-run.ts';
import type { PendingCall } from './pending-calls.ts';
import { ProgressMeter } from './progress.ts';
import type { Receipt } from './receipt.ts';
import type { RunAccount } from './run-account.ts';
import { type Ends, pluginsIn, type SideEnd } from './run-ends.ts';
import { parseRunOptions, requireNumber, type RunOptions } from './run-options.ts';
import { WatchedEvents } from './watched-events.ts';
import { watchedSink, watchedSource } from './watched-plugin.ts';

export interface CopyOptions extends RunOptions, Partial<Intent> {
  readonly from: Source;
  readonly to: Sink;
  readonly map?: Mapping;
  /**
   * Gets the rows that are rejected, as the source gave them, with `_split`, `_row` (in the split), `_stage`, `_code`,
   * `_message` and `_columns`. Rows that could not be read have nulls in the source's columns. Opened with mode `create`
   * unless said otherwise.
   */
  readonly rejected?: Sink | SideOptions;
  /**
   * Gets the rows that were written, as the source gave them, with `_split`, `_row`, `_id`, what the target calls them, and
   * `_created`; where the sink tells.
   */
  readonly written?: Sink | SideOptions;
  /**
   * Times a row is sent, at most, that the sink refuses as retryable, with the delays of `retry` between. Default 5. What is
   * refused the last time is rejected. Sinks that do not keep rows are sent none again.
   */
  readonly rowAttempts?: number;
  /**
   * Rows of which nobody can say whether they were written, that the run takes before it fails; `Infinity` for any number.
   * Default 0.
   */
  readonly maxInDoubt?: number;
  /** Default: a random one. An unfinished run of the id is resumed, of a finished one the receipt is returned. */
  readonly id?: string;
  /** Where the run is kept: a journal, or the folder of one on disk. Default: memory, where a failed run cannot be resumed. */
  readonly journal?: Journal | string;
  /** Progress is told at most so often. Default 100. */
  readonly progressMs?: number;
}

/** A sink for rows beside the sink's, and how to open it. */
export interface SideOptions extends Partial<Intent> {
  readonly to: Sink;
}

/**
 * A run under way: the promise of its receipt. Both streams complete when the run has settled, and never error, since
 * failure has one channel.
 */
export interface Run extends Promise<Receipt> {
  readonly id: string;
  readonly events$: WatchedEvents['events$'];
  readonly progress$: WatchedEvents['progress$'];
  /** What the run started and could not end, once it has settled. */
  readonly leftBehind: readonly LeftBehind[];
  /** What became of the rows, once it has settled, however it has; undefined before, and of a run that was never planned. */
  readonly account: RunAccount | undefined;
  /**
   * Calls of plugins that have not settled yet. What takes long is no fault, since remote work does; of a run that stands
   * still this tells where.
   */
  readonly pendingCalls: readonly PendingCall[];
}

/**
 * Copies all rows of a source into a sink: planned, checked and opened before the first row, then part by part, visible
 * at the commit. Starts at once, in the next microtask, so that whoever subscribes right away misses nothing.
 *
 * Memory is bounded by `parallelism x ((prefetch + 1) x batchBytes + the writer's bufferBytes)` plus a constant.
 * Cancelling settles the run with the signal's reason. With a journal in memory, a run that fails or is cancelled
 * removes everything it has started. With a journal on disk it keeps what a resume needs, and `copy` with the same id
 * and configuration goes on, in this process or another. Both plugins are disposed of when the run has settled.
 *
 * @throws from the promise, besides what the plugins throw: `CONFIG_INVALID`, `CONTRACT_UNSUPPORTED`; `RUN_LOCKED`, `RUN_MISMATCH`,
 * `RUN_ABANDONED`, `JOURNAL_UNREADABLE`, `POSITION_UNSUPPORTED`; `ROWS_REJECTED`, `ROWS_IN_DOUBT`; `SOURCE_CHANGED`;
 * `CONTRACT_BROKEN`.
 */
export function copy(options: CopyOptions): Run {
  const id = options.id ?? randomUUID();
  const watched = new WatchedEvents();
  const receipt = start(options, id, watched).finally(() => watched.complete());
  return Object.defineProperties(receipt, {
    id: { value: id },
    events$: { value: watched.events$ },
    progress$: { value: watched.progress$ },
    leftBehind: { get: () => watched.leftBehind },
    account: { get: () => watched.account },
    pendingCalls: { get: () => watched.pendingCalls },
    // The properties just defined.
  }) as Run;
}

async function start(options: CopyOptions, id: string, watched: WatchedEvents): Promise<Receipt> {
  await Promise.resolve();
  const { progressMs = 100, rowAttempts = 5, maxInDoubt = 0 } = options;
  requireNumber('copy', 'progressMs', progressMs, 0);
  requireNumber('copy', 'rowAttempts', rowAttempts, 1);
  if (maxInDoubt !== Infinity) requireNumber('copy', 'maxInDoubt', maxInDoubt, 0);
  const parsed = parseRunOptions('copy', options);
  using controller = linkedController(parsed.signal);
  const progress = new ProgressMeter(parsed.clock, progressMs, watched);
  const ends = endsOf(options, parsed.clock);
  watched.watchCalls(() => pluginsIn(ends).flatMap(({ pending }) => pending.calls));
  try {
    return await runCopy({
      id,
      journal: journalOf(options) ?? memoryJournal(),
      ends,
      options: parsed,
      controller,
      progress,
      rowAttempts,
      maxInDoubt,
      settled: (account) => watched.setAccount(account),
      emit(event) {
        progress.take(event);
        watched.tell(event);
      },
    });
  } finally {
    progress.end();
    await disposeAll(pluginsIn(ends), parsed);
  }
}

export function endsOf({ from, to, map, rejected, written, ...intent }: CopyOptions, clock: Clock): Ends {
  return {
    source: watchedSource(from, clock),
    sink: watchedSink('sink', to, clock),
    mapping: map,
    intent: intentOf(intent),
    sides: {
      ...(rejected === undefined ? {} : { rejected: sideOf('rejected', rejected, clock) }),
      ...(written === undefined ? {} : { written: sideOf('written', written, clock) }),
    },
  };
}

function intentOf({ mode = 'create', keys, truncateWhenEmpty }: Partial<Intent>): Intent {
  return {
    mode,
    ...(keys === undefined ? {} : { keys }),
    ...(truncateWhenEmpty === undefined ? {} : { truncateWhenEmpty }),
  };
}

function sideOf(name: SideName, side: Sink | SideOptions, clock: Clock): SideEnd {
  const [sink, intent] = 'to' in side ? [side.to, intentOf(side)] : [side, intentOf({})];
  return { sink: watchedSink(`sink of ${name} rows`, sink, clock), intent };
}

export function journalOf({ journal }: Pick<CopyOptions, 'journal'>): Journal | undefined {
  return typeof journal === 'string' ? sqliteJournal(journal) : journal;
}
