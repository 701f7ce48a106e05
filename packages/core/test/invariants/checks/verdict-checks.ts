import type { CopyOptions } from '../../../src/engine/copy.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { crashJournal, type JournalTexts } from '../../engine/crash.ts';
import { type Fate, ingestOrg } from '../../engine/ingest-org.ts';
import { ingestSink, type IngestSinkOptions } from '../../engine/ingest-sink.ts';
import { memorySource } from '../../engine/memory-source.ts';
import { rowsOfBatch, splitsOf } from '../../engine/row-batches.ts';
import { sideDisk } from '../../engine/side-double.ts';
import type { Engine } from '../engine.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

/** A copy of ten rows into a remote side that says late what became of each of them. */
function ingestion(engine: Engine, fates: Readonly<Record<number, Fate>>, to: Partial<IngestSinkOptions> = {}) {
  const fateOf = ({ id }: { readonly id: number }): Fate => fates[id] ?? 'taken';
  const org = ingestOrg(fateOf);
  const texts: JournalTexts = new Map();
  const sink = ingestSink({ part: { rows: 5 }, ...to, org, fateOf });
  const start = (options: Partial<CopyOptions> = {}) =>
    engine.copy({
      from: memorySource({ splits: splitsOf(10) }),
      to: sink,
      id: 'run',
      journal: crashJournal(texts),
      retry: { baseMs: 0 },
      maxRejects: Infinity,
      ...options,
    });
  return { org, sink, texts, start };
}

export const refusedRowsGoAgain: InvariantCheck = {
  id: 'E7-retry',
  title: 'A row that is refused as retryable is sent again, alone, as often as allowed, and counts once.',
  async run(engine) {
    const { org, sink, start } = ingestion(engine, { 3: { locked: 2 }, 7: { locked: 99 } });
    const { readRows, writtenRows, rejectedRows } = await start({ rowAttempts: 3 });
    const timesSent = (id: number): number => org.jobs.filter(({ rows }) => rows.some((row) => row.id === id)).length;
    ensure(timesSent(3) === 3, `a row that is locked twice is sent ${timesSent(3)} times`);
    ensure(timesSent(7) === 3, `allowed 3 attempts, a row that stays locked is sent ${timesSent(7)} times`);
    ensure(timesSent(4) === 1, `a row that was taken is sent ${timesSent(4)} times`);
    ensure(
      readRows === 10 && writtenRows === 9 && rejectedRows === 1,
      `of 10 rows, one of which stays locked, ${readRows} are read, ${writtenRows} written, ${rejectedRows} rejected`,
    );
    const alone = sink.steps.filter((step) => /^write \d\/\d\/\d/.test(step));
    ensure(
      alone.every((step) => step.endsWith(' 1')),
      `rows that go again go with others: ${alone.join(', ')}`,
    );
  },
};

export const rowsAreKept: InvariantCheck = {
  id: 'E7-kept',
  title: 'The rows of a part are there again, as they were given, until what became of them is in the journal.',
  async run(engine) {
    const { sink, start } = ingestion(engine, {});
    const found: string[] = [];
    const to = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        const [part] = args[2];
        for (let time = 0; time < 2; time++) {
          const rows = (await Array.fromAsync(part!.rows())).flatMap(rowsOfBatch);
          found.push(`${part!.part.part}: ${rows.map(({ id }) => id).join(' ')}`);
        }
        yield* sink.commit(...args);
      },
    };
    // What becomes of it is for other checks.
    await start({ to }).catch(() => {});
    const expected = ['0: 0 1 2 3 4', '0: 0 1 2 3 4', '1: 5 6 7 8 9', '1: 5 6 7 8 9'];
    ensure(
      found.toSorted().join() === expected.join(),
      `of parts 0 and 1 of five rows each, these rows are there again: ${found.toSorted().join(', ')}`,
    );
  },
};

export const deadLetters: InvariantCheck = {
  id: 'E8-rejected',
  title:
    'Each rejected row is handed on as the source gave it, with its place and the reason, before its part is committed.',
  async run(engine) {
    const { texts, start } = ingestion(engine, { 2: 'refused', 8: 'refused' });
    const rejected = sideDisk();
    await start({ rejected: rejected.sink() });
    const found = rejected.rows.map(({ id, _split, _row, _code }) => JSON.stringify([id, _split, _row, _code]));
    ensure(
      found.toSorted().join() === '[2,0,2,"RULE"],[8,0,8,"RULE"]',
      `rows 2 and 8 are rejected, and handed on is ${found.join(', ') || 'none'}`,
    );
    const kinds = (texts.get('run') ?? []).map((text) => (JSON.parse(text) as { readonly kind: string }).kind);
    ensure(
      kinds.indexOf('sidePrepared') < kinds.indexOf('partCommitted'),
      'a part is committed in the journal before its rejected rows are safe',
    );
  },
};

export const effectIsTold: InvariantCheck = {
  id: 'E10-results',
  title: 'What became of a part that had taken effect when its run was given up is told, and counted.',
  async run(engine) {
    const { sink, start } = ingestion(engine, {});
    const to = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        const results = await Array.fromAsync(sink.commit(...args));
        if (results.length > 0) throw new SluiceError('REMOTE_REFUSED', 'no answer');
        yield* results;
      },
    };
    const run = start({ to, journal: memoryJournal() });
    await failureUnless(run, 'a run whose sink fails succeeds');
    const { readRows = 0, writtenRows = 0, rejectedRows = 0, inDoubtRows = 0, unsentRows = 0 } = run.account ?? {};
    ensure(writtenRows > 0, 'rows that took effect before their run was given up are not counted as written');
    ensure(
      readRows === writtenRows + rejectedRows + inDoubtRows + unsentRows,
      `${readRows} rows are read, ${writtenRows} written, ${rejectedRows} rejected, ${inDoubtRows} in doubt, ${unsentRows} unsent`,
    );
  },
};

export const failureAccounts: InvariantCheck = {
  id: 'E7-account',
  title: 'A run that fails says of each row that it read whether it was written, rejected, is in doubt or unsent.',
  async run(engine) {
    const { sink, start } = ingestion(engine, { 1: 'refused' }, { writers: 1 });
    const to = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        if (args[2][0]?.part.part === 1) throw new SluiceError('REMOTE_REFUSED', 'no');
        yield* sink.commit(...args);
      },
    };
    const run = start({ to, journal: memoryJournal() });
    const failure = await failureUnless(run, 'a run whose sink fails succeeds');
    const { account } = run;
    ensure(account !== undefined, `a run that fails with ${told(failure)} says nothing of its rows`);
    const counts = [account.readRows, account.writtenRows, account.rejectedRows, account.unsentRows];
    ensure(
      counts.join() === '10,4,1,5',
      `of 10 rows, five of them unsent, ${counts[0]} are read, ${counts[1]} written, ${counts[2]} rejected, ${counts[3]} unsent`,
    );
    ensure(
      account.unsent.map(({ split, from, to: end }) => [split, from, end].join(' ')).join() === '0 5 10',
      `rows 5 to 10 are unsent, and named is ${JSON.stringify(account.unsent)}`,
    );
  },
};
