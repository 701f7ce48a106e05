import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy, sqliteJournal, type CopyOptions, type Journal } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { files } from '@sluice/sinks/files';
import { localStore } from '@sluice/stores/local';
import { describe, expect, inject, it } from 'vitest';

import type { SalesforceOrg } from '../src/index.ts';
import { emulatedOrg, ITEMS } from './emulated-org.ts';
import { parquetRowsIn } from './parquet-cells.ts';

const poll = { firstMs: 1, startMs: 1, maxMs: 5 };
const ITEM_COUNT = 200;
/** Fewer rows than a page has, so that pages are cut into parts. */
const PART_ROWS = 40;
const emulator = { results: { pageRows: 90 } };

type Target = 'out/' | 'out.parquet';

interface Workspace extends AsyncDisposable {
  readonly journal: Journal;
  options(org: SalesforceOrg, query: string, journal?: Journal): CopyOptions;
  /** Digests of the files that anyone sees: no staged ones. */
  published(): Promise<ReadonlyMap<string, string>>;
  numbers(): Promise<readonly number[]>;
  stagedNames(): Promise<readonly string[]>;
}

async function workspace(path: Target): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-interrupted-'));
  const data = join(folder, 'data');
  const journal = sqliteJournal(join(folder, 'journal'));
  const names = async (): Promise<readonly string[]> => {
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  };
  const isStaged = (name: string): boolean => name.includes('.sluice-');
  return {
    journal,
    options: (org, query, given = journal) => ({
      id: 'run',
      journal: given,
      from: org.query(query, { poll }),
      to: files({ store: localStore(data), path, format: parquet(), partRows: PART_ROWS }),
      parallelism: 1,
    }),
    async published() {
      const found = new Map<string, string>();
      for (const name of await names()) {
        if (isStaged(name)) continue;
        found.set(
          name.slice(data.length),
          createHash('sha256')
            .update(await readFile(name))
            .digest('hex'),
        );
      }
      return found;
    },
    async numbers() {
      const rows = await parquetRowsIn(path.endsWith('/') ? join(data, path) : data);
      return rows.map((row) => Number(row['Number__c'])).sort((a, b) => a - b);
    },
    stagedNames: async () => (await names()).filter(isStaged),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

interface Death {
  readonly append: number;
  readonly when: 'before' | 'after';
}

/** The journal of a process that dies at an append: nothing it waits for comes any more. Resolves `died` then. */
function dyingJournal(journal: Journal, death: Death): { readonly journal: Journal; readonly died: Promise<void> } {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const forever = new Promise<never>(() => {});
  let appends = 0;
  const dying: Journal = {
    ...journal,
    async open(runId) {
      const run = await journal.open(runId);
      return {
        ...run,
        async append(entry) {
          const isLast = appends++ === death.append;
          if (!isLast || death.when === 'after') await run.append(entry);
          if (!isLast) return;
          // With the process goes its hold of the run.
          await run[Symbol.asyncDispose]();
          resolve();
          await forever;
        },
      };
    },
  };
  return { journal: dying, died };
}

async function entriesOf({ journal }: Workspace): Promise<number> {
  return (await journal.peek('run'))?.length ?? 0;
}

/** Of `test`, each variant takes every third entry, another one than the others; `test:long` takes all. */
const STEP = inject('long') ? 1 : 3;

interface Variant {
  readonly first: number;
  readonly target: Target;
  readonly query: string;
  readonly when: Death['when'];
}

/** Runs until it dies, then once more with nothing but the journal and the files. */
async function interruptedRun({ target, query }: Variant, death: Death) {
  await using org = await emulatedOrg({ items: ITEM_COUNT, emulator });
  await using work = await workspace(target);
  const { journal, died } = dyingJournal(work.journal, death);
  const first = org.connect();

  const dead = copy(work.options(first, query, journal));
  await Promise.race([died, dead]);
  await first[Symbol.asyncDispose]();
  const receipt = await copy(work.options(org.connect(), query));

  const created = org.emulator.requests.matching({ method: 'POST', path: /\/jobs\/query$/ }).length;
  const left = org.emulator.jobs.all.length;
  return {
    receipt,
    created,
    left,
    published: await work.published(),
    numbers: await work.numbers(),
    staged: await work.stagedNames(),
  };
}

async function undisturbedRun({ target, query }: Variant) {
  await using org = await emulatedOrg({ items: ITEM_COUNT, emulator });
  await using work = await workspace(target);
  const receipt = await copy(work.options(org.org, query));
  return { receipt, published: await work.published(), entries: await entriesOf(work) };
}

const isOneOrTwo = (count: number): boolean => count === 1 || count === 2;

describe.each<Variant>([
  { first: 0, target: 'out/', query: ITEMS, when: 'before' },
  { first: 1, target: 'out.parquet', query: ITEMS, when: 'before' },
  { first: 2, target: 'out/', query: `${ITEMS} ORDER BY Number__c`, when: 'after' },
])('a copy of "$query" to $target that dies $when any entry of its journal', (variant) => {
  const { first, query, when } = variant;

  it('ends, resumed, file for file as an undisturbed one', async () => {
    const { receipt, published, entries } = await undisturbedRun(variant);
    const { readRows, writtenRows, parts, splits } = receipt;

    for (let append = first % STEP; append < entries; append += STEP) {
      const { created, left, ...resumed } = await interruptedRun(variant, { append, when });
      const where = `${when} entry ${append + 1} of ${entries}`;
      // Another job has the rows of an unordered query in another order, so that its files are others.
      const isAlike = created === 1 || query.includes('ORDER BY');
      const changed = [...published].filter(([name, digest]) => isAlike && resumed.published.get(name) !== digest);

      expect({ where, ...resumed, names: [...resumed.published.keys()], changed }).toMatchObject({
        where,
        names: [...published.keys()],
        changed: [],
        receipt: { readRows, writtenRows, parts, splits },
        numbers: Array.from({ length: ITEM_COUNT }, (_, n) => n),
        staged: [],
      });
      // A job that was created and not written down yet is one nobody can find again; it ends by itself.
      expect({ where, created, left }).toEqual({ where, created: expect.toSatisfy(isOneOrTwo), left: created - 1 });
    }
    expect(entries).toBeGreaterThan(10);
    expect(receipt).toMatchObject({ readRows: ITEM_COUNT, writtenRows: ITEM_COUNT });
  }, 120_000);
});
