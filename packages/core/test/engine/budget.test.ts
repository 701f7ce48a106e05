import { describe, expect, it } from 'vitest';

import type { Account, Context } from '../../src/contract/context.ts';
import { Budgets } from '../../src/engine/budget.ts';
import { Semaphore } from '../../src/engine/semaphore.ts';
import { failureOf } from '../thrown.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

const never = new AbortController().signal;

/** Takes permits one after another, and lists who has one. */
function queueFor(semaphore: Semaphore, signals: readonly AbortSignal[]) {
  const admitted: number[] = [];
  const permits = signals.map(async (signal, n) => {
    const permit = await semaphore.acquire(signal);
    admitted.push(n);
    return permit;
  });
  for (const permit of permits) permit.catch(() => {});
  return {
    admitted,
    async release(n: number) {
      (await permits[n]!)[Symbol.dispose]();
      await idle();
    },
  };
}

describe('a semaphore', () => {
  it('admits up to its capacity, then whoever asked first', async () => {
    const { admitted, release } = queueFor(
      new Semaphore(2),
      Array.from({ length: 5 }, () => never),
    );
    await idle();
    const first = [...admitted];
    await release(1);
    await release(0);

    expect(first).toEqual([0, 1]);
    expect(admitted).toEqual([0, 1, 2, 3]);
  });

  it('lets nobody past those who wait', async () => {
    const semaphore = new Semaphore(1);
    const held = await semaphore.acquire(never);
    const order: string[] = [];
    void semaphore.acquire(never).then(() => order.push('first'));
    held[Symbol.dispose]();
    void semaphore.acquire(never).then(() => order.push('second'));
    await idle();

    expect(order).toEqual(['first']);
  });

  it('gives a permit back once', async () => {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire(never);
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    const { admitted } = queueFor(semaphore, [never, never]);
    await idle();

    expect(admitted).toEqual([0]);
  });

  it('holds nothing for whoever gave up, be it in the very moment of being admitted', async () => {
    const semaphore = new Semaphore(1);
    const held = await semaphore.acquire(never);
    const controllers = [new AbortController(), new AbortController()];
    const failures = controllers.map(({ signal }) => failureOf(semaphore.acquire(signal)));
    const { admitted } = queueFor(semaphore, [never]);
    await idle();
    controllers[0]!.abort('first');
    // Aborted first, then admitted, before it can notice either.
    controllers[1]!.abort('second');
    held[Symbol.dispose]();
    await idle();

    expect(await Promise.all(failures)).toEqual(['first', 'second']);
    expect(admitted).toEqual([0]);
  });

  it('grows and shrinks while permits are out', async () => {
    const semaphore = new Semaphore(1);
    const { admitted, release } = queueFor(
      semaphore,
      Array.from({ length: 5 }, () => never),
    );
    await idle();
    semaphore.capacity = 3;
    await idle();
    const grown = [...admitted];
    semaphore.capacity = 1;
    await release(0);
    await release(1);
    const shrunk = [...admitted];
    await release(2);

    expect([grown, shrunk, admitted]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2, 3],
    ]);
  });
});

describe('the budget of an account', () => {
  const runs = [{}, {}] as const;

  it('has shares of its own for reading and for writing', () => {
    const budgets = new Budgets();

    const [reading, writing] = (['read', 'write'] as const).map((side) => budgets.share('org', side, runs[0], 1));

    expect(reading).not.toBe(writing);
    expect(budgets.share('org', 'read', runs[1], 1)).toBe(reading);
    expect(budgets.share('other', 'read', runs[0], 1)).not.toBe(reading);
  });

  it('is the smallest that any run under way allows', async () => {
    const budgets = new Budgets();
    budgets.share('org', 'read', runs[0], 3);
    const share = budgets.share('org', 'read', runs[1], 1);
    const { admitted } = queueFor(
      share,
      Array.from({ length: 5 }, () => never),
    );
    await idle();
    const both = [...admitted];
    budgets.release(runs[1]);
    await idle();

    expect([both, admitted]).toEqual([[0], [0, 1, 2]]);
  });

  it('stays what a run said when it names the account again without a number', async () => {
    const budgets = new Budgets();
    budgets.share('org', 'read', runs[0], 1);
    const { admitted } = queueFor(budgets.share('org', 'read', runs[0]), [never, never]);
    await idle();

    expect(admitted).toEqual([0]);
  });

  it('is eight connections where nobody says a number', async () => {
    const { admitted } = queueFor(
      new Budgets().share('org', 'read', runs[0]),
      Array.from({ length: 10 }, () => never),
    );
    await idle();

    expect(admitted).toHaveLength(8);
  });

  it('is forgotten with the last run', () => {
    const budgets = new Budgets();
    const share = budgets.share('org', 'read', runs[0], 1);
    budgets.release(runs[0]);

    expect(budgets.share('org', 'read', runs[0], 1)).not.toBe(share);
  });
});

/** One request to the account in each of these steps. */
function calling(account: string, connections: number, request: (side: string) => Promise<unknown>) {
  const at = (side: string) => (step: string, ctx: Context | undefined) =>
    step.startsWith('deliver ') || step.startsWith('write ')
      ? ctx!.account(account, { connections }).call(() => request(side))
      : undefined;
  return scene({ splits: splitsOf(8, 8, 8), at: at('read') }, { at: at('write') });
}

describe('connections of a run', () => {
  it('within one account and with a limit of 1 each do not wait for each other', async () => {
    const under = { read: 0, write: 0 } as Record<string, number>;
    const most = { read: 0, write: 0 } as Record<string, number>;
    const { copy } = calling('one org', 1, async (side) => {
      most[side] = Math.max(most[side]!, ++under[side]!);
      for (let i = 0; i < 20; i++) await Promise.resolve();
      under[side]!--;
    });

    const receipt = await copy();

    expect(most).toEqual({ read: 1, write: 1 });
    expect(receipt).toMatchObject({ writtenRows: 24, apiCalls: { 'one org': 12 } });
  });

  it('are free again after a failure and after an abort', async () => {
    const failing = calling('leaky', 1, async () => {
      throw new Error('oops');
    });
    const controller = new AbortController();
    const hanging = calling('leaky', 1, () => {
      controller.abort('enough');
      return new Promise(() => {});
    });
    await failureOf(failing.copy());
    await failureOf(hanging.copy({ signal: controller.signal }));

    const receipt = await calling('leaky', 1, async () => {}).copy();

    expect(receipt.writtenRows).toBe(24);
  });

  it('that are asked for while none is free end with the reason of an abort', async () => {
    const controller = new AbortController();
    let account: Account | undefined;
    const { copy } = scene({
      async at(step, ctx) {
        if (step !== 'plan') return;
        account = ctx!.account('busy', { connections: 1 });
        void account.call(() => new Promise(() => {}));
        queueMicrotask(() => controller.abort('enough'));
        await account.call(async () => {});
      },
    });

    expect(await failureOf(copy({ signal: controller.signal }))).toBe('enough');
  });

  it.each([0, -1, 1.5, NaN])('cannot be %f', async (connections) => {
    const failure = await failureOf(calling('org', connections, async () => {}).copy());

    expect(failure).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: expect.stringContaining(`${connections} connections`),
    });
  });
});
