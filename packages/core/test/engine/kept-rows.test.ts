import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Mapping } from '../../src/contract/mapping.ts';
import type { Sink } from '../../src/contract/sink.ts';
import { abandon } from '../../src/engine/abandon.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { type TempFolder, tempFolder } from '../temp-folder.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { type IngestScene, fates, ingestScene } from './ingest-scene.ts';
import { memorySource } from './memory-source.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit, splitsOf, type TestRow } from './row-batches.ts';
import { scene } from './scene.ts';

/** A run that fails once when its only part is prepared, so that its rows are kept for a resume. */
function interrupted(folder: TempFolder): IngestScene {
  let isFirst = true;
  return ingestScene(
    fates({ 1: 'refused' }),
    { splits: splitsOf(6), deliveryRows: 2 },
    {
      refuse: ({ id }) => (id === 4 ? { retryable: false } : undefined),
      at: (step) => {
        if (step !== 'commit 0/0' || !isFirst) return;
        isFirst = false;
        throw new SluiceError('REMOTE_REFUSED', 'not now');
      },
    },
    { id: 'a', journal: crashJournal(new Map(), undefined, undefined, folder.path) },
  );
}

function filesIn(folder: TempFolder): readonly string[] {
  return readdirSync(folder.path).toSorted();
}

/** Those that this process holds open. */
function openFilesIn(folder: TempFolder): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return dirname(path) === folder.path ? [basename(path)] : [];
    } catch {
      // The one that listed them.
      return [];
    }
  });
}

describe('rows kept beside a journal', () => {
  it('are there for a resume, which does not ask the source again, and are gone at the end', async () => {
    await using folder = await tempFolder();
    const { copy, rejected, source } = interrupted(folder);
    await failureOf(copy({ rejected: rejected.sink() }));
    const kept = filesIn(folder);

    const receipt = await copy({ rejected: rejected.sink() });

    expect(kept).toEqual(['0-0.refused', '0-0.rows']);
    expect(receipt).toMatchObject({ writtenRows: 4, rejectedRows: 2 });
    expect(rejected.rows.map((row) => row['id'])).toEqual([1, 4]);
    expect(source.steps.filter((step) => step.startsWith('read'))).toEqual(['read 0 from 0']);
    expect(() => filesIn(folder)).toThrow('ENOENT');
  });

  it('lie beside the file of the run in a folder of journals, and go when the run is abandoned', async () => {
    await using folder = await tempFolder();
    const scenes = [interrupted(folder), interrupted(folder)];
    for (const [n, { copy }] of scenes.entries()) await failureOf(copy({ id: `run ${n}`, journal: folder.path }));
    const kept = filesIn(folder).filter((name) => name.endsWith('.rows'));

    await scenes[0]!.copy({ id: 'run 0', journal: folder.path });
    const { source: from, sink: to } = scenes[1]!;
    await abandon({ from, to, id: 'run 1', journal: folder.path });

    expect(kept).toEqual(['run%200.rows', 'run%201.rows']);
    expect(filesIn(folder).filter((name) => name.endsWith('.rows'))).toEqual([]);
  });

  it('are closed when the writer of their part is left alone', async () => {
    await using folder = await tempFolder();
    const controller = new AbortController();
    const during: (readonly string[])[] = [];
    const at = (step: string): unknown => {
      if (step !== 'prepare 0/0') return undefined;
      during.push(openFilesIn(folder));
      controller.abort(new Error('enough'));
      return new Promise(() => {});
    };
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(6) },
      { at },
      { id: 'a', journal: crashJournal(new Map(), undefined, undefined, folder.path) },
    );

    await failureOf(copy({ signal: controller.signal, cleanupMs: 1 }));

    expect(during).toEqual([['0-0.rows']]);
    expect(openFilesIn(folder)).toEqual([]);
  });

  it('are closed when writing their part anew fails for good', async () => {
    await using folder = await tempFolder();
    const during: (readonly string[])[] = [];
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(6), deliveryRows: 2 },
      {
        at: (step) => {
          if (!step.startsWith('write 0/0')) return;
          during.push(openFilesIn(folder));
          throw new SluiceError('CONNECTION_LOST', 'cut', { retryable: true });
        },
      },
      { id: 'a', journal: crashJournal(new Map(), undefined, undefined, folder.path) },
    );

    await failureOf(copy());

    expect(during.at(-1)).toContainEqual(expect.stringContaining('.again-'));
    expect(openFilesIn(folder)).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, -9))],
    ['empty', (path) => writeFileSync(path, '')],
    ['those of a stranger', (path) => writeFileSync(path, 'something else')],
  ])('are read from the source once more when they are %s', async (_, lose) => {
    await using folder = await tempFolder();
    const { copy, rejected, source } = interrupted(folder);
    await failureOf(copy({ rejected: rejected.sink() }));
    lose(join(folder.path, '0-0.rows'));

    const receipt = await copy({ rejected: rejected.sink() });

    expect(receipt).toMatchObject({ writtenRows: 4, rejectedRows: 2 });
    expect(rejected.rows.map((row) => row['id'])).toEqual([1, 4]);
    // Once for the results, and once for the rejected rows.
    expect(source.steps.filter((step) => step.startsWith('read'))).toEqual(Array(3).fill('read 0 from 0'));
  });

  it.each([
    ['has other rows now', [rowsOfSplit(0, 6).map((row) => (row.id === 5 ? { ...row, text: 'changed' } : row))]],
    ['has fewer', splitsOf(5)],
  ])('fail a run when they are lost and the source %s', async (_, splits) => {
    await using folder = await tempFolder();
    const { copy } = interrupted(folder);
    await failureOf(copy());
    rmSync(join(folder.path, '0-0.rows'));

    const failure = await failureOf(copy({ from: memorySource({ splits, deliveryRows: 2 }) }));

    expect(failure).toMatchObject({
      code: 'SOURCE_CHANGED',
      message: 'the source no longer gives the rows that part 0 of split 0 had',
    });
  });

  it('are the only place that knows which rows a writer refused, and a run fails without them', async () => {
    await using folder = await tempFolder();
    const { copy, rejected } = interrupted(folder);
    await failureOf(copy({ rejected: rejected.sink() }));
    rmSync(join(folder.path, '0-0.refused'));

    const failure = await failureOf(copy({ rejected: rejected.sink() }));

    expect(failure).toMatchObject({ code: 'STAGED_DATA_LOST', details: { rows: { inDoubtRows: 5, rejectedRows: 1 } } });
  });

  it('that are damaged while a part is written anew fail the run', async () => {
    await using folder = await tempFolder();
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(6), deliveryRows: 2 },
      {
        at: (step) => {
          if (step !== 'prepare 0/0') return;
          writeFileSync(join(folder.path, '0-0.rows'), '');
          throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
      { id: 'a', journal: crashJournal(new Map(), undefined, undefined, folder.path) },
    );

    expect(await failureOf(copy())).toMatchObject({
      code: 'IO_FAILED',
      message: expect.stringMatching(/cannot be read back/),
    });
  });

  it('need a folder that can be written to', async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(6) },
      {},
      {
        id: 'a',
        journal: crashJournal(new Map(), undefined, undefined, join(file, 'folder')),
      },
    );

    expect(await failureOf(copy())).toMatchObject({
      code: 'IO_FAILED',
      message: expect.stringMatching(/cannot be kept in/),
    });
  });
});

describe('rows of a part', () => {
  it('are given to nobody who does not ask for them beforehand', async () => {
    const { start, sink } = scene({}, { commit: 'part' });
    const to: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        for (const part of parts) part.rows();
        yield* sink.commit(target, schema, parts, ctx);
      },
    };

    expect(await failureOf(start({ to }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: expect.stringMatching(/to be kept/),
    });
  });

  it('are those its writer was given, as often as they are asked for, whatever a mapping made of the source’s', async () => {
    const { copy, sink } = ingestScene(fates({}), { splits: splitsOf(9), deliveryRows: 4, reject: onlyOdd });
    const found: (readonly number[])[] = [];
    const to: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        for (const part of [...parts, ...parts]) {
          const ids: number[] = [];
          for await (const batch of part.rows()) ids.push(...rowsOfBatch(batch).map(({ id }) => id));
          found.push(ids);
        }
        yield* sink.commit(target, schema, parts, ctx);
      },
    };

    await copy({ to, map: withoutThrees });

    expect(found).toEqual([
      [0, 2, 4, 8],
      [0, 2, 4, 8],
    ]);
  });
});

function onlyOdd({ id }: TestRow): string | undefined {
  return id % 2 === 1 ? 'odd' : undefined;
}

/** Rejects the rows that can be divided by three, the first aside. */
const withoutThrees: Mapping = {
  config: 'without threes',
  plan: (schema) => ({
    schema,
    apply(batch) {
      const rows = rowsOfBatch(batch);
      const isKept = (row: TestRow): boolean => row.id === 0 || row.id % 3 !== 0;
      return {
        batch: batchOfRows(rows.filter(isKept)),
        rows: Uint32Array.from(rows.flatMap((row, i) => (isKept(row) ? [i] : []))),
        rejects: rows.flatMap((row, i) =>
          isKept(row) ? [] : [{ row: i, code: 'VALUE_INVALID', message: 'three', columns: [] }],
        ),
      };
    },
  }),
};
