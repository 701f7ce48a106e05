import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, inject, it } from 'vitest';

import { copy, type CopyOptions } from '../../src/engine/copy.ts';
import type { Row } from '../../src/rows/row-reader.ts';
import { tempFolder } from '../temp-folder.ts';
import { crashJournal, type Death, type JournalTexts, newProcess, type Process } from './crash.ts';
import { type Fate, ingestOrg } from './ingest-org.ts';
import { fates } from './ingest-scene.ts';
import { ingestSink } from './ingest-sink.ts';
import { memorySource, type MemorySourceOptions } from './memory-source.ts';
import { splitsOf, type TestRow } from './row-batches.ts';
import { settledReceipt } from './settled-receipt.ts';
import { sideDisk } from './side-double.ts';

/** `test:long` takes all entries that `test` leaves out. */
const STEP = inject('long') ? 1 : 2;

interface Scenario {
  readonly writers: number;
  readonly positions: boolean;
  readonly side: 'end' | 'part';
  readonly sideWriters: number;
  /** What happens to the rows that are kept when a process dies. */
  readonly loss: 'none' | 'missing' | 'damaged';
  readonly refuses: boolean;
}

const special: Readonly<Record<number, Fate>> = {
  1: { locked: 1 },
  4: 'refused',
  6: { locked: 9 },
  20_001: 'doubt',
  20_003: { locked: 2 },
  20_004: 'refused',
};
const fateOf = fates(special);
const reads: MemorySourceOptions = {
  splits: splitsOf(8, 0, 6),
  deliveryRows: 3,
  reject: ({ id }) => (id === 2 || id === 20_005 ? 'unreadable' : undefined),
  changes: ({ id }) => id % 3,
};

/** Rows of which the writer refuses some for good, and some the first time. */
function refuse({ id }: TestRow, attempt: number): { readonly retryable: boolean } | undefined {
  if (id === 5) return { retryable: false };
  return id === 7 && attempt === 0 ? { retryable: true } : undefined;
}

async function run(scenario: Scenario, deaths: readonly Death[]) {
  await using folder = await tempFolder();
  const { writers, positions, side, sideWriters, loss, refuses } = scenario;
  const org = ingestOrg(fateOf);
  const [rejected, written] = [sideDisk(), sideDisk()];
  const texts: JournalTexts = new Map();
  const dead: (readonly [Process, Promise<unknown>])[] = [];
  let files = join(folder.path, '0');
  for (const [n, death] of [...deaths, undefined].entries()) {
    const process = newProcess();
    const breathe = (): Promise<void> => process.breathe();
    const beside = { commit: side, writers: sideWriters, process, at: breathe };
    const options: CopyOptions = {
      from: memorySource({ ...reads, positions, at: breathe }),
      to: ingestSink({
        org: org.seenBy(process),
        fateOf,
        writers,
        part: { rows: 3 },
        at: breathe,
        ...(refuses ? { refuse } : {}),
      }),
      rejected: rejected.sink(beside),
      written: written.sink(beside),
      id: 'run',
      journal: crashJournal(texts, process, death, files),
      maxRejects: Infinity,
      maxInDoubt: Infinity,
      rowAttempts: 4,
      retry: { baseMs: 0 },
    };
    const copying = copy(options);
    const receipt = await Promise.race([copying, process.died]);
    if (receipt !== undefined) {
      for (const [one, copyOfOne] of dead) {
        one.bury();
        await copyOfOne.catch(() => {});
      }
      return {
        receipt: settledReceipt(receipt),
        taken: org.taken.toSorted((a, b) => a - b),
        rejected: inOrder(rejected.rows),
        written: inOrder(written.rows),
        openJobs: org.jobs.filter(({ state }) => state === 'open').length,
        entries: texts.get('run')!.length,
        died: dead.length,
        left: await readdir(folder.path),
      };
    }
    dead.push([process, copying]);
    // The next process finds what this one had written by now, whatever that is.
    const next = join(folder.path, `${n + 1}`);
    await cp(files, next, { recursive: true, force: true }).catch(() => {});
    await damage(next, loss);
    files = next;
  }
  throw new Error('the last process has died');
}

async function damage(folder: string, loss: Scenario['loss']): Promise<void> {
  if (loss === 'none') return;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.rows')) continue;
    const path = join(folder, name);
    if (loss === 'missing') {
      await rm(path);
      continue;
    }
    const bytes = await readFile(path);
    if (bytes.length > 0) bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    await writeFile(path, bytes);
  }
}

function inOrder(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => Number(a['_split']) - Number(b['_split']) || Number(a['_row']) - Number(b['_row']));
}

function placesOf(rows: readonly Row[], columns: readonly string[]): readonly unknown[] {
  return rows.map((row) => columns.map((column) => row[column]));
}

const plain: Scenario = { writers: 1, positions: true, side: 'end', sideWriters: 1, loss: 'none', refuses: true };

describe('a run into an org', () => {
  it('says what became of every row', async () => {
    const whole = await run(plain, []);

    expect(whole.receipt).toMatchObject({ readRows: 14, writtenRows: 7, rejectedRows: 6, inDoubtRows: 1 });
    expect(whole.taken).toEqual([0, 1, 3, 7, 20_000, 20_001, 20_002, 20_003]);
    expect(placesOf(whole.written, ['id', '_split', '_row', '_id', '_created'])).toEqual([
      [0, 0, 0, 'id 0', true],
      [1, 0, 1, 'id 1', false],
      [3, 0, 3, 'id 3', false],
      [7, 0, 7, 'id 7', false],
      [20_000, 2, 0, 'id 20000', true],
      [20_002, 2, 2, 'id 20002', true],
      [20_003, 2, 3, 'id 20003', false],
    ]);
    expect(placesOf(whole.rejected, ['id', '_split', '_row', '_stage', '_code', '_message', '_columns'])).toEqual([
      [null, 0, 2, 'read', 'VALUE_INVALID', 'unreadable', 'text'],
      [4, 0, 4, 'commit', 'RULE', 'refused 4', 'text'],
      [5, 0, 5, 'write', 'BUSY', 'busy 5', ''],
      [6, 0, 6, 'commit', 'ROW_LOCKED', 'refused 6', 'text'],
      [20_004, 2, 4, 'commit', 'RULE', 'refused 20004', 'text'],
      [null, 2, 5, 'read', 'VALUE_INVALID', 'unreadable', 'text'],
    ]);
  });

  it.each<Scenario & { readonly deaths: readonly Death['when'][]; readonly every: number }>([
    { ...plain, deaths: ['before', 'after'], every: 1 },
    { ...plain, writers: 3, positions: false, side: 'part', sideWriters: 2, deaths: ['after'], every: 1 },
    { ...plain, writers: 3, loss: 'missing', refuses: false, deaths: ['after'], every: 3 },
    { ...plain, positions: false, side: 'part', loss: 'damaged', refuses: false, deaths: ['after'], every: 3 },
  ])('ends as an undisturbed one when its process dies at any entry: %o', async ({ deaths, every, ...scenario }) => {
    const { entries, ...whole } = await run(scenario, []);

    expect(entries).toBeGreaterThan(40);
    for (let append = 0; append < entries; append += every * STEP) {
      for (const when of deaths) {
        const { entries: _, left: __, ...again } = await run(scenario, [{ append, when }]);
        expect(again, `dead ${when} entry ${append}`).toEqual({
          receipt: whole.receipt,
          taken: whole.taken,
          rejected: whole.rejected,
          written: whole.written,
          openJobs: 0,
          died: 1,
        });
      }
    }
  });
});
