import type { Context } from '../../../src/contract/context.ts';
import { SluiceError, type SluiceErrorOptions } from '../../../src/error/sluice-error.ts';
import { publishedRows } from '../../engine/memory-disk.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import type { Engine } from '../engine.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

function cut(options: SluiceErrorOptions = {}): SluiceError {
  return new SluiceError('CONNECTION_LOST', 'cut', options);
}

/** How often a request is sent that never succeeds, asked for by `ctx.retry` while a split is read. */
async function requestsOf(engine: Engine, error: () => SluiceError, safe: boolean) {
  let requests = 0;
  const ask = (ctx: Context): Promise<never> =>
    ctx.retry(
      () => {
        requests++;
        return Promise.reject(error());
      },
      { what: 'ask', safe },
    );
  const { clock, copy } = engineScene(engine, {
    at: (step, ctx) => (step === 'deliver 0 at 4' ? ask(ctx!) : undefined),
  });
  const work = copy({ retry: { attempts: 3 }, parallelism: 1 });
  await failureUnless(work, 'a run whose source is never answered succeeds');
  return { requests, sleeps: clock.sleeps };
}

export const oneOwner: InvariantCheck = {
  id: 'E-retry',
  title: 'A failure is repeated by one owner: as often as the run allows, and not once more by another.',
  async run(engine) {
    const { requests } = await requestsOf(engine, cut, true);
    ensure(requests === 3, `allowed 3 attempts, a request is sent ${requests} times`);
    const unsafe = await requestsOf(engine, () => cut({ retryable: false }), true);
    ensure(unsafe.requests === 1, `a request that failed for good is sent ${unsafe.requests} times`);
  },
};

export const asksSafely: InvariantCheck = {
  id: 'E-retry-safe',
  title: 'A request that may have had its effect is not sent again.',
  async run(engine) {
    let creations = 0;
    const { copy } = engineScene(engine, {
      at: (step, ctx) =>
        step === 'splits'
          ? ctx!.retry(
              () => {
                creations++;
                return Promise.reject(cut());
              },
              { what: 'create', safe: false },
            )
          : undefined,
    });
    await failureUnless(copy({ retry: { attempts: 3 } }), 'a run whose source is never answered succeeds');
    ensure(creations === 1, `a request that is not safe to repeat is sent ${creations} times`);
  },
};

export const waitsAsTold: InvariantCheck = {
  id: 'E-retry-wait',
  title: 'Between attempts it waits at least as long as the remote side asks for.',
  async run(engine) {
    const { sleeps } = await requestsOf(engine, () => cut({ retryAfterMs: 7000 }), true);
    const waits = sleeps.filter((ms) => ms < 10_000);
    ensure(
      waits.length === 2 && waits.every((ms) => ms >= 7000),
      `told to wait 7000 ms, it waits ${waits.join(', ') || 'not at all'}`,
    );
  },
};

export const partWrittenAnew: InvariantCheck = {
  id: 'E-retry-part',
  title: 'A part whose writing is cut is written anew, from its first row, by another writer.',
  async run(engine) {
    for (const [where, nth] of [
      ['write 0/1 2', 2],
      ['prepare 0/1', 1],
    ] as const) {
      let passed = 0;
      const splits = splitsOf(12);
      const { disk, sink, copy } = engineScene(
        engine,
        { splits, deliveryRows: 2 },
        {
          part: { rows: 4 },
          writers: 1,
          at: (step) => {
            if (step === where && ++passed === nth) throw cut();
          },
        },
      );
      const end = await copy().then(() => undefined, told);
      ensure(end === undefined, `cut at ${where}, a run ends with ${end}`);
      const rows = publishedRows(disk);
      ensure(
        JSON.stringify(rows) === JSON.stringify(splits.flat()),
        `cut at ${where}, ${rows.length} rows are there of 12`,
      );
      const writers = sink.steps.filter((step) => step === 'writer 0/1').length;
      ensure(writers === 2, `cut at ${where}, the part has ${writers} writers`);
    }
  },
};
