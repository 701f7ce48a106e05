import { describe, expect, it } from 'vitest';

import type { Account, Context, Memo } from '../../src/contract/context.ts';
import { abandon } from '../../src/engine/abandon.ts';
import { read } from '../../src/engine/read.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts } from './crash.ts';
import { memorySource } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

/** What plugins keep of a run, against their contract. */
interface Kept {
  readonly contexts: [plugin: string, ctx: Context, account: Account][];
  readonly at: (plugin: string, steps: readonly string[]) => (step: string, ctx?: Context) => void;
}

function keeping(): Kept {
  const contexts: Kept['contexts'] = [];
  return {
    contexts,
    at: (plugin, steps) => (step, ctx) => {
      if (steps.includes(step) && ctx !== undefined) contexts.push([plugin, ctx, ctx.account(`of ${plugin}`)]);
    },
  };
}

const late = (message: string) => ({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(message) });

async function expectRefused({ contexts }: Kept): Promise<void> {
  for (const [plugin, ctx, account] of contexts) {
    const blamed = `${plugin} broke its contract: it`;
    const answers = [
      await failureOf(ctx.memo.set('job', '42')),
      await failureOf(ctx.note({ code: 'LATE', message: 'by the way' })),
      await failureOf((async () => ctx.account('another'))()),
      await failureOf(account.call(async () => {})),
    ];
    expect(answers).toMatchObject([
      late(`${blamed} set a memo when the run had settled`),
      late(`${blamed} made a note when the run had settled`),
      late(`${blamed} asked for account another when the run had settled`),
      late(`${blamed} called account of ${plugin} when the run had settled`),
    ]);
  }
}

describe('when a run has settled', () => {
  it.each(['succeeded', 'failed'] as const)(
    'and has %s, whoever kept something of it is refused by name, and nothing is journalled',
    async (how) => {
      const kept = keeping();
      const texts: JournalTexts = new Map();
      const { source, sink, copy } = scene(
        { splits: splitsOf(4), at: kept.at('numbers', ['plan', 'finish committed']) },
        { at: kept.at('disk', ['writer 0/0', 'commit 1']) },
        { id: 'a', journal: crashJournal(texts) },
      );
      const memos: Memo[] = [];
      const to = {
        ...sink,
        async *commit(...args: Parameters<typeof sink.commit>) {
          memos.push(args[2][0]!.memo);
          yield* sink.commit(...args);
          if (how === 'failed') throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      };
      await copy({ from: source, to }).catch(() => {});
      const entries = texts.get('a')!.length;

      await expectRefused(kept);
      expect(kept.contexts).toHaveLength(how === 'failed' ? 3 : 4);
      expect(kept.contexts[0]![1].signal.aborted).toBe(true);
      expect(await failureOf(memos[0]!.set('job', '42'))).toMatchObject(late('disk broke its contract: it set a memo'));
      expect(texts.get('a')).toHaveLength(entries);
    },
  );

  it('or a source is read to its end, its signal is aborted and what was lent is taken back', async () => {
    const kept = keeping();
    const source = memorySource({ splits: splitsOf(4), at: kept.at('numbers', ['plan', 'finish committed']) });
    await Array.fromAsync(read(source));

    await expectRefused(kept);
    expect(kept.contexts).toHaveLength(2);
    expect(kept.contexts[0]![1].signal.aborted).toBe(true);
  });

  it('or was abandoned, too', async () => {
    const kept = keeping();
    const { source, sink, copy } = scene(
      { splits: splitsOf(4), at: kept.at('numbers', ['finish abandoned']) },
      {
        at: (step, ctx) => {
          kept.at('disk', ['abort 1'])(step, ctx);
          if (step === 'commit 1') throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      },
    );
    const options = { from: source, to: sink, id: 'a', journal: crashJournal(new Map()) };
    await failureOf(copy(options));
    await abandon(options);

    await expectRefused(kept);
    expect(kept.contexts).toHaveLength(2);
  });
});
