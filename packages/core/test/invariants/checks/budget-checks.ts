import type { Context } from '../../../src/contract/context.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { idle } from '../../engine/virtual-clock.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, type InvariantCheck } from '../invariant-check.ts';

const splits = splitsOf(4, 4, 4, 4);

export const connectionsBounded: InvariantCheck = {
  id: 'E-budget',
  title: 'No more calls of an account are under way on one side than it has connections.',
  async run(engine) {
    let [open, most] = [0, 0];
    const call = async (ctx: Context): Promise<void> => {
      await ctx.account('acme', { connections: 2 }).call(async () => {
        most = Math.max(most, ++open);
        await ctx.clock.sleep(1, ctx.signal);
        open--;
      });
    };
    const { copy } = engineScene(engine, {
      splits,
      at: (step, ctx) => (step.startsWith('deliver') ? call(ctx!) : undefined),
    });
    await copy({ parallelism: 4 });
    ensure(most <= 2, `${most} calls are under way at once of an account with 2 connections`);
  },
};

export const separateShares: InvariantCheck = {
  id: 'E-budget-shares',
  title: 'Reading and writing draw from shares of their own, so that a copy within one account never waits for itself.',
  async run(engine) {
    const { promise: written, resolve } = Promise.withResolvers<void>();
    let isStuck = false;
    const account = (ctx: Context) => ctx.account('acme', { connections: 1 });
    const { start } = engineScene(
      engine,
      // A read that goes on until something is written, as a connection that is paused does.
      { splits, at: (step, ctx) => (step === 'deliver 1 at 0' ? account(ctx!).call(() => written) : undefined) },
      { at: (step, ctx) => (step === 'write 0/0 4' ? account(ctx!).call(async () => resolve()) : undefined) },
    );
    const run = start({ parallelism: 2 });
    for (let turn = 0; turn < 20; turn++) await idle();
    await Promise.race([written, idle().then(() => (isStuck = true))]);
    resolve();
    await run;
    ensure(!isStuck, 'a write waits for the connection of a read of the same account, which waits for the write');
  },
};

export const callsCounted: InvariantCheck = {
  id: 'E-budget-count',
  title:
    'Every call of an account is counted in the receipt, those of a process that died too as far as they are journalled.',
  async run(engine) {
    let calls = 0;
    const { copy } = engineScene(engine, {
      splits,
      at: (step, ctx) =>
        step.startsWith('deliver')
          ? ctx!.account('acme').call(async () => {
              calls++;
            })
          : undefined,
    });
    const { apiCalls } = await copy();
    ensure(apiCalls['acme'] === calls, `of ${calls} calls, the receipt has ${apiCalls['acme'] ?? 'none'}`);
  },
};
