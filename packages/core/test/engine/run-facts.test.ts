import { describe, expect, it } from 'vitest';

import type { Context, Memo, Note } from '../../src/contract/context.ts';
import type { Json } from '../../src/contract/json.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts } from './crash.ts';
import { rowsOfSplit, splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

const note = (code: string, message = 'm'): Note => ({ code, message });

describe('notes', () => {
  it('are in the receipt once, whoever says them and however often', async () => {
    const say = (step: string, ctx: Context | undefined): unknown =>
      step.startsWith('deliver ') || step.startsWith('write ') ? ctx!.note(note('SEEN')) : undefined;
    const { copy } = scene({ at: say, plan: { notes: [note('PLANNED'), note('SEEN', 'other')] } }, { at: say });

    const { notes } = await copy();

    expect(notes).toEqual([note('PLANNED'), note('SEEN', 'other'), note('SEEN')]);
  });

  it('are said once although they are said at once', async () => {
    const { copy } = scene({
      at: (step, ctx) => (step === 'plan' ? Promise.all([ctx!.note(note('A')), ctx!.note(note('A'))]) : undefined),
    });

    expect((await copy()).notes).toEqual([note('A')]);
  });

  it('are said once although a resumed run says them again', async () => {
    const texts: JournalTexts = new Map();
    let fails = 1;
    const { copy } = scene(
      {
        at: (step, ctx) => (step === 'check' ? ctx!.note(note('CHECKED')) : undefined),
        plan: { notes: [note('PLANNED')] },
      },
      {
        at: (step) => (step === 'prepare 1/0' && fails-- > 0 ? Promise.reject(new Error('oops')) : undefined),
      },
      { id: 'a', journal: crashJournal(texts) },
    );
    await failureOf(copy());

    expect((await copy()).notes).toEqual([note('CHECKED'), note('PLANNED')]);
  });
});

describe('a memo', () => {
  it('is durable when set() resolves, and its scopes are apart', async () => {
    const texts: JournalTexts = new Map();
    const journalled: (Json | undefined)[] = [];
    const seen: Record<string, Json | undefined> = {};
    const use =
      (who: string) =>
      async (memo: Memo): Promise<void> => {
        seen[who] = memo.get('key');
        await memo.set('key', who);
        journalled.push(JSON.parse(texts.get('a')!.at(-1)!).value);
      };
    const { copy } = scene(
      { splits: splitsOf(4, 4), at: (step, ctx) => (step === 'plan' ? use('source')(ctx!.memo) : undefined) },
      {
        part: { rows: 2 },
        at: (step, ctx) => (step === 'open create' || step.startsWith('writer ') ? use(step)(ctx!.memo) : undefined),
      },
      { id: 'a', journal: crashJournal(texts) },
    );

    await copy({ parallelism: 1 });

    const all = ['source', 'open create', 'writer 0/0', 'writer 0/1', 'writer 1/0', 'writer 1/1'];
    expect(journalled).toEqual(all);
    expect(seen).toEqual(Object.fromEntries(all.map((who) => [who, undefined])));
  });

  it('is there again for the same part, in this process and in the next', async () => {
    const seen: (Json | undefined)[] = [];
    let fails = 2;
    const { copy } = scene(
      { splits: splitsOf(4) },
      {
        async at(step, ctx) {
          if (step === 'writer 0/0') {
            seen.push(ctx!.memo.get('job'));
            await ctx!.memo.set('job', `job ${seen.length}`);
          }
          if (step !== 'prepare 0/0' || fails-- <= 0) return;
          throw fails === 1 ? new SluiceError('CONNECTION_LOST', 'cut') : new Error('oops');
        },
      },
      { id: 'a', journal: crashJournal(new Map()) },
    );
    await failureOf(copy());

    await copy();

    expect(seen).toEqual([undefined, 'job 1', 'job 2']);
  });

  it('of the source is the same in every method', async () => {
    const seen: (Json | undefined)[] = [];
    const { copy } = scene({
      async at(step, ctx) {
        if (step === 'plan') await ctx!.memo.set('job', '750');
        else if (ctx !== undefined) seen.push(ctx.memo.get('job'));
      },
    });

    await copy();

    expect(new Set(seen.slice(1))).toEqual(new Set(['750']));
  });

  it('refuses what is no JSON', async () => {
    const { copy } = scene({
      at: (step, ctx) => (step === 'plan' ? ctx!.memo.set('job', new Date(0) as never) : undefined),
    });

    expect(await failureOf(copy())).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: expect.stringContaining('class Date'),
    });
  });
});

interface Cut {
  readonly at?: string;
  readonly deliveryRows?: number;
}

describe('changes', () => {
  const splits = [rowsOfSplit(0, 12)];
  const changes = ({ id }: { readonly id: number }): number => id;

  it.each<[string, Cut, Cut]>([
    ['as parts cut deliveries', {}, {}],
    ['as parts end with deliveries', { deliveryRows: 3 }, {}],
    ['when reading is cut', { at: 'deliver 0 at 8' }, {}],
    ['when writing is cut', {}, { at: 'prepare 0/1' }],
  ])('are counted once %s', async (_, reading, writing) => {
    for (const positions of [true, false]) {
      const once = ({ at }: Cut) => {
        let fails = 1;
        return (step: string): void => {
          if (step === at && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
        };
      };
      const { copy } = scene(
        { splits, positions, changes, deliveryRows: reading.deliveryRows ?? 4, at: once(reading) },
        { part: { rows: 3 }, at: once(writing) },
      );

      const receipt = await copy();

      expect(receipt.changes).toEqual([{ column: 'text', change: 'rounded', values: 66 }]);
    }
  });

  it('are counted once across parts that begin with their delivery, or with rejected rows', async () => {
    const { copy } = scene(
      { splits, changes, deliveryRows: 3, reject: ({ id }) => (id % 3 === 0 ? 'no' : undefined) },
      { part: { rows: 2 } },
      { maxRejects: 99 },
    );

    const { changes: told } = await copy();

    expect(told).toEqual([{ column: 'text', change: 'rounded', values: 1 + 2 + 4 + 5 + 7 + 8 + 10 + 11 }]);
  });
});

describe('API calls', () => {
  it('are counted by account, those of planning and of failed attempts too', async () => {
    const journal = memoryJournal();
    const call = (ctx: Context, id: string): Promise<unknown> => ctx.account(id).call(async () => {});
    const { copy } = scene({
      async at(step, ctx) {
        if (step === 'check' || step === 'finish committed') await call(ctx!, 'org');
        if (step.startsWith('read ')) await call(ctx!, `org ${step[5]}`);
        if (step !== 'plan') return;
        const account = ctx!.account('org');
        await ctx!.retry(
          (attempt) =>
            account.call(async () => {
              if (attempt < 3) throw new SluiceError('RATE_LIMITED', 'later');
            }),
          { what: 'describe', safe: true },
        );
      },
    });

    const { apiCalls } = await copy({ id: 'a', journal });

    expect(apiCalls).toEqual({ org: 5, 'org 0': 1, 'org 1': 1, 'org 2': 1 });
  });
});
