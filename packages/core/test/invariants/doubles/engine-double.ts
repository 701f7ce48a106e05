import type { Context } from '../../../src/contract/context.ts';
import type { Journal, JournalEntry, RunJournal } from '../../../src/contract/journal.ts';
import type { Sink, Writer } from '../../../src/contract/sink.ts';
import type { Source } from '../../../src/contract/source.ts';
import type { CopyOptions, Run } from '../../../src/engine/copy.ts';
import type { Receipt } from '../../../src/engine/receipt.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { type Engine, engine } from '../engine.ts';

/** An engine that is broken in just one way. */
export interface EngineDouble {
  /** The check that has to notice. */
  readonly check: string;
  readonly is: string;
  readonly engine: Engine;
  /** What the check has to say. */
  readonly says: RegExp;
}

/**
 * Doubles are the engine with something put between it and one of those it deals with: seen from outside, it then does
 * what a broken one would do.
 */
export function withOptions(change: (options: CopyOptions) => Partial<CopyOptions>): Engine {
  return { ...engine, copy: (options) => engine.copy({ ...options, ...change(options) }) };
}

export function withSource(change: (source: Source) => Partial<Source>): Engine {
  return {
    ...withOptions(({ from }) => ({ from: { ...from, ...change(from) } })),
    read: (source, options) => engine.read({ ...source, ...change(source) }, options),
  };
}

export function withSink(change: (sink: Sink) => Partial<Sink>): Engine {
  return withOptions(({ to }) => ({ to: { ...to, ...change(to) } }));
}

/** Writers, each with methods in the place of its own. */
export function withWriters(change: (writer: Writer) => Partial<Writer>): Engine {
  return withSink((sink) => ({
    async writer(...args) {
      const writer = await sink.writer(...args);
      return { ...writer, ...change(writer) };
    },
  }));
}

/** Both plugins are called with another context than the engine made. */
export function withContext(change: (ctx: Context) => Partial<Context>): Engine {
  const changed = (ctx: Context): Context => ({ ...ctx, ...change(ctx) });
  return withOptions(({ from, to }) => ({
    from: {
      ...from,
      plan: (ctx) => from.plan(changed(ctx)),
      splits: (plan, ctx, after) => from.splits(plan, changed(ctx), after),
      read: (plan, split, ctx, position) => from.read(plan, split, changed(ctx), position),
    },
    to: {
      ...to,
      writer: (target, schema, part, ctx, after) => to.writer(target, schema, part, changed(ctx), after),
    },
  }));
}

export interface JournalChange {
  /** What a run finds when it goes on. */
  readonly found?: (entry: JournalEntry) => JournalEntry | undefined;
  /** In the place of what is appended. */
  readonly append?: (entry: JournalEntry, run: RunJournal) => Promise<void>;
}

export function withJournal(change: () => JournalChange & Partial<Journal>): Engine {
  return withOptions(({ journal: given }) => {
    const journal = typeof given === 'object' ? given : memoryJournal();
    const { found = (entry) => entry, append, ...changed } = change();
    return {
      journal: {
        ...journal,
        ...changed,
        async open(id) {
          const run = await journal.open(id);
          return {
            ...run,
            entries: run.entries.flatMap((entry) => found(entry) ?? []),
            append: (entry) => (append === undefined ? run.append(entry) : append(entry, run)),
          };
        },
      },
    };
  });
}

/** Says of a run what it did not do. */
export function withReceipt(change: (receipt: Receipt) => Receipt): Engine {
  return { ...engine, copy: (options) => settling(engine.copy(options), (run) => run.then(change)) };
}

/** A run that settles otherwise, or says something else when it has. */
export function settling(
  run: Run,
  settle: (run: Run) => Promise<Receipt>,
  told: (run: Run) => Partial<Pick<Run, 'leftBehind' | 'account'>> = () => ({}),
): Run {
  const now = (): Pick<Run, 'leftBehind' | 'account'> => ({
    leftBehind: run.leftBehind,
    account: run.account,
    ...told(run),
  });
  return Object.defineProperties(settle(run), {
    id: { value: run.id },
    events$: { value: run.events$ },
    progress$: { value: run.progress$ },
    leftBehind: { get: () => now().leftBehind },
    account: { get: () => now().account },
    pendingCalls: { get: () => run.pendingCalls },
    // The properties just defined.
  }) as Run;
}
