import { type Row, SluiceError, type Source } from '@sluice/core';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { SourceCheck } from '../../check/check.ts';
import type { FaultKind, Faults } from '../../harness/fault-kind.ts';
import { settled } from '../../tools/event-loop.ts';
import { copyRows, manyRows, openFixture, planSource, readSplit, requireRows } from './source-run.ts';

/** All rows, or the error it ends with. */
async function outcomeOf(source: Source, tools: CheckTools): Promise<readonly Row[] | SluiceError> {
  try {
    return await copyRows(source, tools, { batchRows: 10 });
  } catch (error) {
    if (SluiceError.is(error)) return error;
    return fail(`it fails with ${errorText(error)}, which has no code of the framework`);
  }
}

/** With the fault, a copy either brings all rows or fails. */
function wholeOrFailed(id: string, fault: FaultKind, title: string, reason: string): SourceCheck {
  return {
    id,
    side: 'source',
    level: 'must',
    title,
    reason,
    needs: [`fault:${fault}`],
    async run(harness, tools) {
      const opened = await openFixture(harness, tools, manyRows(harness));
      await arm(opened.fixture.faults, fault);
      const outcome = await outcomeOf(opened.source(), tools);
      if (!SluiceError.is(outcome)) requireRows(opened.expected, outcome, `with the fault "${fault}"`);
    },
  };
}

export const cutConnection: SourceCheck = {
  ...wholeOrFailed('S18', 'cut', '', ''),
  title: 'After a connection that is cut among the rows, reading goes on, and every row comes once.',
  reason: 'Connections are cut; half a record or half a page must not pass for a whole.',
  async run(harness, tools) {
    const opened = await openFixture(harness, tools, manyRows(harness));
    await arm(opened.fixture.faults, 'cut');
    const outcome = await outcomeOf(opened.source(), tools);
    if (SluiceError.is(outcome)) fail(`a connection cut once ends the run with ${errorText(outcome)}`);
    requireRows(opened.expected, outcome, 'after a connection was cut');
  },
};

export const truncatedBody = wholeOrFailed(
  'S18-truncated',
  'truncate',
  'Rows that end early as if those were all are noticed: read again, or an error.',
  'A response cut short by a proxy looks complete.',
);

export const lostResult: SourceCheck = {
  id: 'S14',
  side: 'source',
  level: 'must',
  title: 'When what was prepared for reading is gone, there is an error or a new start, never a gap.',
  reason: 'Results of remote jobs expire.',
  needs: ['fault:lost'],
  async run(harness, tools) {
    const opened = await openFixture(harness, tools, manyRows(harness));
    const outcome = await outcomeOf(armedAfterFirst(opened.source(), opened.fixture.faults, 'lost'), tools);
    if (!SluiceError.is(outcome)) requireRows(opened.expected, outcome, 'with its result gone on the way');
  },
};

export const remoteCount: SourceCheck = {
  id: 'S17',
  side: 'source',
  level: 'must',
  title: 'Rows that are not as many as the remote side says are an error.',
  reason: 'A warning about missing rows is read by nobody.',
  needs: ['fault:miscount'],
  async run(harness, tools) {
    const opened = await openFixture(harness, tools, manyRows(harness));
    await arm(opened.fixture.faults, 'miscount');
    const outcome = await outcomeOf(opened.source(), tools);
    if (!SluiceError.is(outcome)) fail('a copy succeeds although the remote side counts other rows than it gave');
    ensure(
      ['COUNT_MISMATCH', 'RESPONSE_TRUNCATED'].includes(outcome.code),
      `other rows than the remote side counts surface as ${errorText(outcome)} instead of COUNT_MISMATCH`,
    );
  },
};

export const schemaDrift: SourceCheck = {
  id: 'S23',
  side: 'source',
  level: 'must',
  title: 'A column that changes after the plan ends the run with SCHEMA_CHANGED.',
  reason: 'Values must never shift into another column.',
  needs: ['fault:schemaChange'],
  async run(harness, tools) {
    const { fixture, source } = await openFixture(harness, tools, 60);
    const test = tools.context();
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    await arm(fixture.faults, 'schemaChange');
    try {
      for (const split of splits) await readSplit(reader, plan, split, test);
    } catch (error) {
      const isKnown = SluiceError.is(error) && ['SCHEMA_CHANGED', 'SOURCE_CHANGED'].includes(error.code);
      return ensure(isKnown, `a changed column surfaces as ${errorText(error)} instead of SCHEMA_CHANGED`);
    }
    fail('rows are read with the planned schema although a column is another now');
  },
};

export const sessionExpiry: SourceCheck = {
  id: 'S25',
  side: 'source',
  level: 'must',
  title: 'A session that ends among the rows is renewed, and every row comes once.',
  reason: 'Sessions end while long results are read.',
  needs: ['fault:expireSession'],
  async run(harness, tools) {
    const { fixture, source, expected } = await openFixture(harness, tools, manyRows(harness));
    const rows = await copyRows(armedAfterFirst(source(), fixture.faults, 'expireSession'), tools, { batchRows: 10 });
    requireRows(expected, rows, 'after the session ended');
  },
};

export const rateLimit: SourceCheck = {
  id: 'S26',
  side: 'source',
  level: 'must',
  title: 'Told to wait, it waits as long as it is told, and goes on.',
  reason: 'Whoever asks again too soon is locked out.',
  needs: ['fault:rateLimit'],
  async run(harness, tools) {
    const { fixture, source, expected } = await openFixture(harness, tools, 60);
    await fixture.faults!.rateLimit!({ times: 2, retryAfterMs: 7000 });
    const rows = await copyRows(source(), tools);
    requireRows(expected, rows, 'after being told to wait');
    const waits = tools.clock.sleepsMs.filter((ms) => ms >= 7000);
    ensure(waits.length >= 2, `told twice to wait 7 s, it waited ${waits.length} times that long`);
  },
};

export const transports: SourceCheck = {
  id: 'S27',
  side: 'source',
  level: 'must',
  title: 'Every way to the rows gives the same rows.',
  reason: 'A page size must not decide about data.',
  needs: ['variants'],
  async run(harness, tools) {
    const { fixture, expected } = await openFixture(harness, tools, manyRows(harness));
    for (const [name, make] of Object.entries(fixture.variants!)) {
      requireRows(expected, await copyRows(tools.use(make()), tools), `by way of "${name}"`);
    }
  },
};

/** The source, with the fault armed once its first delivery is there. */
function armedAfterFirst(source: Source, faults: Faults | undefined, kind: FaultKind): Source {
  let isArmed = false;
  return {
    ...source,
    async *read(...args) {
      for await (const delivery of source.read(...args)) {
        yield delivery;
        if (isArmed) continue;
        isArmed = true;
        await arm(faults, kind);
      }
    },
  };
}

/** Arms a fault that takes no options. */
export async function arm(faults: Faults | undefined, kind: FaultKind): Promise<void> {
  // The kinds that take options are armed by the checks that need them.
  const fault = faults?.[kind] as (() => void | Promise<void>) | undefined;
  await fault?.();
  await settled(1);
}
