import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy, read, SluiceError, type CopyOptions, type Source } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import type { Cell, Emulator, ResultColumn } from '@sluice/salesforce-emulator';
import { ConnectionCut } from '@sluice/salesforce-emulator';
import { files } from '@sluice/sinks/files';
import { localStore } from '@sluice/stores/local';
import { DataType, type Schema } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { emulatedOrg, ITEMS, missingItems } from './emulated-org.ts';
import { doubleAsDecimal, parquetRowsIn, type StoredRow } from './parquet-cells.ts';
import { rejectionOf } from './thrown.ts';

const poll = { firstMs: 1, startMs: 1, maxMs: 5 };
const RESULTS = /\/results/;

interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

async function tempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-query-'));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }) };
}

function toFolder(folder: TempFolder, from: Source, more: Partial<CopyOptions> = {}): CopyOptions {
  const to = files({ store: localStore(folder.path), path: 'out/', format: parquet(), partRows: 40 });
  return { from, to, retry: { attempts: 3, baseMs: 1, maxMs: 2 }, ...more };
}

/** What a cell of the org has to be in the file. */
function stored(cell: Cell, { type }: ResultColumn, arrowType: DataType): unknown {
  if (cell === null || cell === '') return null;
  if (DataType.isDecimal(arrowType)) return doubleAsDecimal(Number(cell), arrowType.scale);
  if (type === 'date') return Date.parse(String(cell)) / 86_400_000;
  // Parquet's readers agree on microseconds.
  if (type === 'datetime') return BigInt(Date.parse(String(cell))) * 1000n;
  if (type === 'time') return BigInt(Date.parse(`1970-01-01T${String(cell).replace(/Z?$/, 'Z')}`)) * 1000n;
  if (type === 'long') return BigInt(cell);
  return cell;
}

/** Rows of the query as the org itself holds them, by id. */
function rowsInOrg({ org }: Emulator, soql: string, schema: Schema): ReadonlyMap<string, StoredRow> {
  using result = org.query(soql, { includeDeleted: false, api: 'bulk', nowMs: 0, orderSeed: 99 });
  const fields = result.columns.map(({ header }) => {
    const field = schema.fields.find(({ name }) => name.toLowerCase() === header.toLowerCase());
    if (field === undefined) throw new Error(`no column ${header}`);
    return field;
  });
  const rows = new Map<string, StoredRow>();
  for (const cells of result.rows(0, result.totalRows)) {
    const row: Record<string, unknown> = {};
    for (const [at, { name, type }] of fields.entries()) {
      row[name] = stored(cells[at] ?? null, result.columns[at]!, type);
    }
    rows.set(String(row['Id']), row);
  }
  return rows;
}

describe('an org copied to Parquet', () => {
  it.each([
    ['Country__c', 249],
    ['Navaid__c', 11_007],
    ['Company__c', 503],
    ['Runway__c', 48_184],
    ['Account', 6],
    ['Contact', 5],
    ['Lead', 2],
    ['Opportunity', 5],
    ['Task', 4],
    ['User', 2],
  ])(
    'RW-08: %s arrives cell by cell, decimals exact',
    async (object, atLeast) => {
      await using emulated = await emulatedOrg({ emulator: { results: { pageRows: 9000 } } });
      await using folder = await tempFolder();
      const source = emulated.org.query({ object }, { poll, base64: 'skip' });
      const to = files({ store: localStore(folder.path), path: 'out/', format: parquet() });
      let soql = '';
      let schema: Schema | undefined;
      const planned: Source = {
        ...source,
        async plan(ctx) {
          const plan = await source.plan(ctx);
          ({ soql } = plan.state);
          ({ schema } = plan);
          return plan;
        },
      };

      const receipt = await copy({ from: planned, to });
      const rows = await parquetRowsIn(join(folder.path, 'out'));
      const expected = rowsInOrg(emulated.emulator, soql, schema!);

      expect(expected.size).toBeGreaterThanOrEqual(atLeast);
      expect(receipt).toMatchObject({
        readRows: expected.size,
        writtenRows: expected.size,
        rejectedRows: 0,
        leftBehind: [],
      });
      expect(rows).toHaveLength(expected.size);
      expect(rows.flatMap((row) => differences(row, expected.get(String(row['Id'])))).slice(0, 5)).toEqual([]);
      expect(emulated.emulator.jobs.all).toEqual([]);
    },
    120_000,
  );

  it('RW-08: numbers beyond the declared scale are rounded and counted, or rejected, or given room', async () => {
    await using emulated = await emulatedOrg();
    const { emulator, org } = emulated;
    const query = 'SELECT Id, Unit_Price__c FROM Opportunity';
    const roundedBy = async (excessDigits: 'round' | 'error' | 'widen') => {
      await using folder = await tempFolder();
      const from = org.query(query, { poll, decimals: { excessDigits } });
      const { changes, rejects } = await copy(toFolder(folder, from, { maxRejects: Infinity }));
      return { changes, rejects };
    };
    emulator.org.insert('Opportunity', [
      { Name: 'a', StageName: 'Prospecting', CloseDate: '2026-01-01', Unit_Price__c: 1.234_567_890_123 },
    ]);

    const round = await roundedBy('round');
    const error = await roundedBy('error');
    const widen = await roundedBy('widen');

    expect(round.changes).toEqual([{ column: 'Unit_Price__c', change: 'rounded', values: expect.any(Number) }]);
    expect(round.rejects).toEqual([]);
    expect(error.rejects).toMatchObject([{ stage: 'read', code: 'VALUE_INVALID', columns: ['Unit_Price__c'] }]);
    expect(error.rejects[0]?.rows).toBe(round.changes[0]?.values);
    expect(widen).toEqual({ changes: [], rejects: [] });
  });
});

describe('a copy of a query', () => {
  it('that dies half way goes on with the same job, and ends as if nothing had happened', async () => {
    await using emulated = await emulatedOrg({ items: 400, emulator: { results: { pageRows: 90 } } });
    const { emulator, org, connect } = { ...emulated };
    await using folder = await tempFolder();
    const journal = join(folder.path, 'journal');
    const broken = emulator.faults.add({
      match: { path: RESULTS, nth: 3, times: 99 },
      action: {
        before: () => {
          throw new ConnectionCut();
        },
      },
    });

    const error = await rejectionOf(
      copy(toFolder(folder, org.query(ITEMS, { poll }), { id: 'nightly', journal, parallelism: 1 })),
    );
    const [job] = emulator.jobs.all;
    broken[Symbol.dispose]();
    const resumed = connect({ apiVersion: '66.0' }).query(ITEMS, { poll, waitTimeoutMs: 60_000 });
    const receipt = await copy(toFolder(folder, resumed, { id: 'nightly', journal }));
    const rows = await parquetRowsIn(join(folder.path, 'out'));

    expect(error).toMatchObject({ code: 'CONNECTION_LOST', hint: expect.stringContaining('resume') });
    expect(job?.state).toBe('JobComplete');
    expect(receipt).toMatchObject({ readRows: 400, writtenRows: 400, leftBehind: [] });
    expect(missingItems(rows, 400)).toEqual([]);
    expect(emulator.requests.matching({ method: 'POST', path: /\/jobs\/query$/ })).toHaveLength(1);
    expect(emulator.jobs.all).toEqual([]);
  });

  it('whose counts disagree fails before anything is visible', async () => {
    await using emulated = await emulatedOrg({ items: 400, emulator: { results: { pageRows: 90 } } });
    await using folder = await tempFolder();
    emulated.emulator.faults.add({
      match: { path: RESULTS, nth: 2 },
      action: { before: () => ({ status: 200, headers: { 'Sforce-NumberOfRecords': '0' }, body: [] }) },
    });

    const error = await rejectionOf(copy(toFolder(folder, emulated.org.query(ITEMS, { poll }))));

    expect(error).toMatchObject({
      code: 'COUNT_MISMATCH',
      message: expect.stringContaining('400 rows by its own count'),
    });
    expect((await readdir(folder.path, { recursive: true })).filter((name) => name.endsWith('.parquet'))).toEqual([]);
    expect(emulated.emulator.jobs.all).toEqual([]);
  });

  it.each([
    ['somebody', new Error('enough')],
    ['a failure elsewhere', new SluiceError('AUTH_REJECTED', 'of another request')],
  ])('that is cancelled by %s aborts and deletes its job, whatever it was doing', async (_, reason) => {
    for (const path of [/\/jobs\/query$/, /\/jobs\/query\/750\w+$/, /\/resultPages/, RESULTS]) {
      await using emulated = await emulatedOrg({ items: 400, emulator: { results: { pageRows: 90 } } });
      await using folder = await tempFolder();
      const controller = new AbortController();
      emulated.emulator.faults.add({
        match: { path, nth: 1 },
        action: {
          after: (reply) => {
            controller.abort(reason);
            return reply;
          },
        },
      });

      const run = copy(toFolder(folder, emulated.org.query(ITEMS, { poll }), { signal: controller.signal }));

      expect(await rejectionOf(run)).toBe(reason);
      // Of a job whose creation was not answered nobody knows the id.
      const isUnanswered = run.leftBehind.some(({ kind }) => kind === 'query job, id unknown');
      expect(emulated.emulator.jobs.all).toHaveLength(isUnanswered ? 1 : 0);
      expect(isUnanswered).toBe(path.source.endsWith('query$'));
    }
  });

  it('that gives up waiting names the job that goes on', async () => {
    await using emulated = await emulatedOrg({ items: 10, emulator: { jobs: { hold: true } } });
    await using folder = await tempFolder();

    const run = copy(toFolder(folder, emulated.org.query(ITEMS, { poll, waitTimeoutMs: 20 })));
    const error = await rejectionOf(run);

    const [job] = emulated.emulator.jobs.all;
    expect(error).toMatchObject({ code: 'WAIT_TIMEOUT', message: expect.stringContaining(job!.id) });
    expect(run.leftBehind).toEqual([expect.objectContaining({ kind: 'query job', id: job?.id })]);
    expect(SluiceError.is(error) && JSON.stringify(error.details)).toContain('"kind":"salesforce-query-job"');
    expect(job?.isTerminal).toBe(false);
  });

  it('read alone ends its job when the reader leaves early', async () => {
    await using emulated = await emulatedOrg({ items: 400, emulator: { results: { pageRows: 90 } } });

    for await (const batch of read(emulated.org.query(ITEMS, { poll }), { batchRows: 10 })) {
      expect(batch.numRows).toBe(10);
      break;
    }

    expect(emulated.emulator.jobs.all).toEqual([]);
  });
});

/** Each cell that is not the same, in words. */
function differences(row: StoredRow, expected: StoredRow = {}): readonly string[] {
  return Object.keys({ ...row, ...expected })
    .filter((name) => !Object.is(row[name] ?? null, expected[name]))
    .map((name) => `${name}: ${String(row[name])} instead of ${String(expected[name])}`);
}
