import { afterRows, answerWith, dropAt, failJob } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { activityOf } from './control-run.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';

const NAVAIDS = 'SELECT Id, Latitude__c FROM Navaid__c';

let workspace: CopyWorkspace;

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

function outputOf(run: PipelineRun): Readonly<Record<string, unknown>> {
  return activityOf(run, 'Copy').output as Readonly<Record<string, unknown>>;
}

describe('a copy of many rows', () => {
  beforeEach(async () => {
    workspace = await copyWorkspace({ results: { pageRows: 1_000 } });
  });

  it('MON-01 MON-02 MON-03 MON-04 PF-01 PF-02 SRC-15 reports what it measured under the names of the service', async () => {
    const { run } = await workspace.copy({
      query: NAVAIDS,
      more: { parallelCopies: 2, dataIntegrationUnits: 8, validateDataConsistency: true },
    });

    const output = outputOf(run);
    const rows = await workspace.rows('items.parquet');
    expect(output).toMatchObject({
      rowsRead: rows.length,
      rowsCopied: rows.length,
      rowsSkipped: 0,
      filesWritten: 1,
      errors: [],
      usedDataIntegrationUnits: 8,
      sinkPeakConnections: 1,
      dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: 'None' },
      durationInQueue: { integrationRuntimeQueue: 0 },
    });
    expect(rows.length).toBeGreaterThan(10_000);
    expect(output['usedParallelCopies']).toBe(2);
    const { dataRead, copyDuration, throughput } = output as Record<string, number>;
    expect(throughput).toBeCloseTo(dataRead! / 1024 / copyDuration!, 2);
    expect(output['executionDetails']).toMatchObject([
      { source: { type: 'SalesforceV2' }, sink: { type: 'FileServer' }, status: 'Succeeded' },
    ]);
  });

  it('TYP-02 TYP-03 counts values that were rounded, and keeps all their digits where it is told to', async () => {
    const rounded = await workspace.copy({ query: NAVAIDS });
    const exact = await workspace.copy({ query: NAVAIDS }, { decimals: 'exact' });

    expect(outputOf(rounded.run)['valuesRounded']).toBeGreaterThan(0);
    expect(outputOf(exact.run)['valuesRounded']).toBeUndefined();
  });

  it('SRC-12 has no more requests under way than maxConcurrentConnections, results that are read included', async () => {
    const { run } = await workspace.copy({
      query: NAVAIDS,
      source: { maxConcurrentConnections: 1 },
      more: { parallelCopies: 4 },
    });

    expect(run.status).toBe('Succeeded');
    expect(outputOf(run)).toMatchObject({ usedParallelCopies: 1, sourcePeakConnections: 1 });
    expect(peakOf(workspace)).toBe(1);
  });

  it('SRC-09 SRC-10 reads the same rows in parallel or in sequence, in pages of the size asked for', async () => {
    await workspace.copy({ query: NAVAIDS });
    const parallel = await workspace.rows('items.parquet');
    await workspace.copy({ query: NAVAIDS, source: { partitionOption: 'None', pageSize: 500 } });
    const sequence = await workspace.rows('items.parquet');

    const ids = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['Id'] as string).toSorted();
    expect(ids(sequence)).toEqual(ids(parallel));
    expect(new Set(ids(parallel)).size).toBe(parallel.length);
    expect(workspace.emulator.requests.matching({ path: /maxRecords=500/ }).length).toBeGreaterThan(20);
  });

  it('SRC-16 waits and tries again where the org has no time, and a connection that is cut is taken up again', async () => {
    workspace.emulator.faults.add({
      match: { path: /\/jobs\/query\/750/, nth: 1, times: 2 },
      action: answerWith(503),
    });
    workspace.emulator.faults.add({
      match: { path: /\/results/, nth: 3 },
      action: dropAt(afterRows(100)),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toBe('');
    expect(new Set((await workspace.rows('items.parquet')).map((row) => row['Id'])).size).toBe(
      outputOf(run)['rowsRead'],
    );
  });

  it('SRC-16 ERR-02 ERR-03 keeps the code and the text of Salesforce where there is no use in trying again', async () => {
    workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query' },
      action: answerWith(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toContain('ErrorCode=REQUEST_LIMIT_EXCEEDED');
    expect(run.message).toContain('TotalRequests Limit exceeded.');
  });

  it('ERR-03 names the job that failed and what the org says about it', async () => {
    workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query' },
      action: failJob('InvalidBatch: something is wrong in the org'),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toMatch(/ErrorCode=JOB_FAILED.*query job 750\w+.*InvalidBatch: something is wrong in the org/);
    expect(await workspace.files()).toEqual([]);
  });

  it('SRC-17 PL-09 ends its job and leaves no file where it is cancelled', async () => {
    const controller = new AbortController();
    const { run } = await workspace.copy(
      { query: NAVAIDS },
      {
        signal: controller.signal,
        onEvent(event) {
          if (event.kind === 'activityProgress' && event.progress.rows > 0) {
            controller.abort(new DOMException('stop', 'AbortError'));
          }
        },
      },
    );

    expect(run.status).toBe('Cancelled');
    expect(workspace.emulator.jobs.all).toEqual([]);
    expect(await workspace.files()).toEqual([]);
  });

  it('SRC-17 deletes its job when the copy has succeeded', async () => {
    await workspace.copy({ query: NAVAIDS });

    expect(workspace.emulator.jobs.all).toEqual([]);
  });

  it('LS-09 gets another token where the session ends in the middle of a copy', async () => {
    await workspace[Symbol.asyncDispose]();
    workspace = await copyWorkspace({ results: { pageRows: 1_000 }, session: { maxCalls: 6 } });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toBe('');
    expect(workspace.emulator.requests.matching({ path: '/token' }).length).toBeGreaterThan(1);
  });

  it('SRC-11 aborts the job when the query takes too long', async () => {
    await workspace[Symbol.asyncDispose]();
    workspace = await copyWorkspace({ jobs: { hold: true } });
    const { run } = await workspace.copy({ query: NAVAIDS, source: { queryTimeout: '0.00:00:30' } });

    expect(run.message).toContain('ErrorCode=DEADLINE_EXCEEDED');
    expect(workspace.emulator.jobs.all).toEqual([]);
  });
});

/** The most requests to the API that the org had under way at the same time. */
function peakOf({ emulator }: CopyWorkspace): number {
  const edges = emulator.requests.all
    .filter(({ path }) => path.includes('/services/data'))
    .flatMap(({ startedMs, endedMs }) => [
      { atMs: startedMs, step: 1 },
      { atMs: endedMs ?? startedMs, step: -1 },
    ])
    .toSorted((a, b) => a.atMs - b.atMs || a.step - b.step);
  let [now, peak] = [0, 0];
  for (const { step } of edges) peak = Math.max(peak, (now += step));
  return peak;
}
