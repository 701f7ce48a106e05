import type { PreparedPart } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { createIngestJob } from '../src/bulk-ingest/ingest-job.ts';
import type { IngestMessage, IngestTarget } from '../src/index.ts';
import { emulatedIngest } from './ingest-client.ts';
import { ingestOrg, itemBatch, items, numbersIn, type IngestOrg } from './ingest-org.ts';
import { testRun, type TestRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const part = { split: 0, part: 0 };
const batch = itemBatch(items(20));
const { schema } = batch;
const poll = { firstMs: 1, startMs: 1, maxMs: 5 };

async function prepared(
  target: IngestOrg,
  run: TestRun,
): Promise<{
  readonly aim: IngestTarget;
  readonly staged: PreparedPart<IngestMessage>;
}> {
  const sink = target.org.ingest({ object: 'Item__c', poll });
  const aim = await sink.open(schema, { mode: 'append' }, run.ctx);
  await using writer = await sink.writer(aim, schema, part, run.ctx);
  await writer.write(batch);
  const message = await writer.prepare();
  return {
    aim,
    staged: {
      part,
      message,
      memo: run.ctx.memo,
      rows: async function* () {
        yield batch;
      },
    },
  };
}

describe('a part that another process commits', () => {
  it('is processed with the API version its jobs were created with', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const { aim, staged } = await prepared(target, run);
    const later = target.connect({ apiVersion: '60.0' }).ingest({ object: 'Item__c', poll });

    const results = await Array.fromAsync(later.commit(aim, schema, [staged], run.resumed().ctx));

    expect(results).toEqual([expect.objectContaining({ part, writtenRows: 20 })]);
    expect(numbersIn(target)).toHaveLength(20);
    const paths = target.emulator.requests.matching({ path: /\/jobs\/ingest/ }).map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith('/services/data/v64.0/'))).toEqual([]);
  });

  it('is refused in another org, and with what another version wrote', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const { aim, staged } = await prepared(target, run);
    const sink = target.org.ingest({ object: 'Item__c', poll });
    const commit = async (...[where, what]: [object, object]): Promise<unknown> =>
      await rejectionOf(
        // What a journal of another kind could hold.
        Array.fromAsync(sink.commit(where as never, schema, [{ ...staged, message: what as never }], run.ctx)),
      );

    expect(await commit({ ...aim, orgId: '00DHs0000000999EAA' }, staged.message)).toMatchObject({
      code: 'RUN_MISMATCH',
    });
    expect(await commit({ ...aim, v: 2 }, staged.message)).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
    expect(await commit(aim, { ...staged.message, v: 2 })).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['Open']);
  });

  it('is sent again when its job died of old age while it was open', async () => {
    await using target = await ingestOrg({ emulator: { clock: { frozen: true } } });
    const run = testRun();
    const { aim, staged } = await prepared(target, run);
    target.emulator.clock.advance(25 * 3_600_000);
    const sink = target.connect().ingest({ object: 'Item__c', poll });

    const [result] = await Array.fromAsync(sink.commit(aim, schema, [staged], run.resumed().ctx));

    expect(result?.writtenRows).toBe(0);
    const rejects = (await Array.fromAsync(result?.rejects ?? [])).flat();
    expect(rejects).toHaveLength(20);
    expect(rejects.every(({ code, retryable }) => code === 'JOB_ABORTED' && retryable)).toBe(true);
  });
});

describe('creating an ingest job', () => {
  it('is refused by name for an object that the Bulk API does not write', async () => {
    await using org = await emulatedIngest();
    const { http, apiVersion } = org.client;
    const request = {
      apiVersion,
      operation: 'insert',
      externalIdFieldName: undefined,
      assignmentRuleId: undefined,
    } as const;

    const error = await rejectionOf(createIngestJob(http, { ...request, object: 'Nope__x' }, testRun().ctx));

    expect(error).toMatchObject({ code: 'TARGET_UNWRITABLE', message: 'the Bulk API does not write Nope__x' });
  });

  it('is refused to a user who may not delete for good', async () => {
    await using org = await emulatedIngest();
    const { http, apiVersion } = org.client;
    const request = { apiVersion, externalIdFieldName: undefined, assignmentRuleId: undefined } as const;

    const error = await rejectionOf(
      createIngestJob(http, { ...request, object: 'Item__c', operation: 'hardDelete' }, testRun().ctx),
    );

    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', message: expect.stringContaining('hardDelete') });
  });
});
