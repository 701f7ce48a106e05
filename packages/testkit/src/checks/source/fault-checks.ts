import { type Row, SluiceError, type Source } from '@sluice/core';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { SourceCheck } from '../../check/check.ts';
import type { RowsExpected } from '../../data/row-difference.ts';
import type { Faults } from '../../harness/fault-kind.ts';
import type { SourceHarness } from '../../harness/source-harness.ts';
import { arm, type PlacedFault } from '../armed-fault.ts';
import { copyRows, manyRows, openFixture, planSource, readSplit, requireRows } from './source-run.ts';

/** A copy with the fault: all rows, or the error it ends with. Fails unless the fault has struck. */
async function outcomeOf(source: Source, fault: () => PlacedFault | undefined, tools: CheckTools): Promise<Outcome> {
  let outcome: Outcome | undefined;
  let failure: unknown;
  try {
    outcome = await copyRows(source, tools, { batchRows: 10 });
  } catch (error) {
    failure = error;
    if (SluiceError.is(error)) outcome = error;
  }
  const armed = fault();
  if (armed === undefined) fail('it ends before a first delivery, after which the fault would be armed', failure);
  armed.requireStruck(failure);
  return outcome ?? fail(`it fails with ${errorText(failure)}, which has no code of the framework`);
}

type Outcome = readonly Row[] | SluiceError;

/** A source with many rows whose fault is there from the start. */
async function outcomeWith(
  harness: SourceHarness,
  tools: CheckTools,
  kind: 'cut' | 'truncate' | 'miscount',
): Promise<{ readonly expected: RowsExpected; readonly outcome: Outcome }> {
  const { fixture, source, expected } = await openFixture(harness, tools, manyRows(harness));
  const fault = await arm(fixture.faults ?? {}, kind);
  return { expected, outcome: await outcomeOf(source(), () => fault, tools) };
}

export const cutConnection: SourceCheck = {
  id: 'S18',
  side: 'source',
  level: 'must',
  title: 'After a connection that is cut among the rows, reading goes on, and every row comes once.',
  reason: 'Connections are cut; half a record or half a page must not pass for a whole.',
  needs: ['fault:cut'],
  async run(harness, tools) {
    const { expected, outcome } = await outcomeWith(harness, tools, 'cut');
    if (SluiceError.is(outcome)) fail(`a connection cut once ends the run with ${errorText(outcome)}`);
    requireRows(expected, outcome, 'after a connection was cut');
  },
};

export const truncatedBody: SourceCheck = {
  id: 'S18-truncated',
  side: 'source',
  level: 'must',
  title: 'Rows that end early as if those were all are noticed: read again, or an error.',
  reason: 'A response cut short by a proxy looks complete.',
  needs: ['fault:truncate'],
  async run(harness, tools) {
    const { expected, outcome } = await outcomeWith(harness, tools, 'truncate');
    if (!SluiceError.is(outcome)) requireRows(expected, outcome, 'with rows that end early');
  },
};

export const lostResult: SourceCheck = {
  id: 'S14',
  side: 'source',
  level: 'must',
  title: 'When what was prepared for reading is gone, there is an error or a new start, never a gap.',
  reason: 'Results of remote jobs expire.',
  needs: ['fault:lost'],
  async run(harness, tools) {
    const { fixture, source, expected } = await openFixture(harness, tools, manyRows(harness));
    const armed = armedAfterFirst(source(), fixture.faults, 'lost');
    const outcome = await outcomeOf(armed.source, armed.fault, tools);
    if (!SluiceError.is(outcome)) requireRows(expected, outcome, 'with its result gone on the way');
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
    const { outcome } = await outcomeWith(harness, tools, 'miscount');
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
    const fault = await arm(fixture.faults ?? {}, 'schemaChange');
    const error = await fault.rejectionOf(async () => {
      for (const split of splits) await readSplit(reader, plan, split, test);
    }, 'rows are read with the planned schema although a column is another now');
    ensure(
      SluiceError.is(error) && ['SCHEMA_CHANGED', 'SOURCE_CHANGED'].includes(error.code),
      `a changed column surfaces as ${errorText(error)} instead of SCHEMA_CHANGED`,
    );
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
    const armed = armedAfterFirst(source(), fixture.faults, 'expireSession');
    const outcome = await outcomeOf(armed.source, armed.fault, tools);
    if (SluiceError.is(outcome)) fail(`a session that ended once ends the run with ${errorText(outcome)}`);
    requireRows(expected, outcome, 'after the session ended');
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
    const fault = await arm(fixture.faults ?? {}, 'rateLimit', { times: 2, retryAfterMs: 7000 });
    const rows = await copyRows(source(), tools);
    fault.requireStruck();
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
function armedAfterFirst(source: Source, faults: Faults = {}, kind: 'lost' | 'expireSession'): ArmedSource {
  let arming: Promise<PlacedFault> | undefined;
  let fault: PlacedFault | undefined;
  return {
    fault: () => fault,
    source: withRead(source, async function* (...args) {
      for await (const delivery of source.read(...args)) {
        yield delivery;
        // Splits are read side by side.
        fault = await (arming ??= arm(faults, kind));
      }
    }),
  };
}

/** The source with another `read`; it may be an instance of a class. */
function withRead(source: Source, read: Source['read']): Source {
  const { contractVersion, name, config, traits } = source;
  return {
    contractVersion,
    name,
    config,
    traits,
    read,
    check: (ctx) => source.check(ctx),
    plan: (ctx) => source.plan(ctx),
    splits: (plan, ctx, after) => source.splits(plan, ctx, after),
    finish: (plan, end, ctx) => source.finish(plan, end, ctx),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

interface ArmedSource {
  readonly source: Source;
  /** Undefined until it is armed. */
  fault(): PlacedFault | undefined;
}
