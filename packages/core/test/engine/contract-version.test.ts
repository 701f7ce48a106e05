import { describe, expect, it } from 'vitest';

import { abandon } from '../../src/engine/abandon.ts';
import { limitRows } from '../../src/engine/limit-rows.ts';
import { explain, read } from '../../src/engine/read.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { requireContract } from '../../src/plugin/contract-version.ts';
import { failureOf } from '../thrown.ts';
import { scene } from './scene.ts';
import { sideDisk } from './side-double.ts';

/** What the types forbid, and a package made with others does. */
const later = { contractVersion: 2 as 1 };

function refusal(who: string) {
  return {
    code: 'CONTRACT_UNSUPPORTED',
    message: `${who} follows version 2 of the contract, and this program has version 1`,
    hint: expect.stringMatching(/^Install versions of @sluice\/core and of \w+ that go together\.$/),
  };
}

describe('a plugin made for another version of the contract', () => {
  it('is refused by name, and nothing of it or of the others is called', async () => {
    const { source, sink, copy } = scene();
    const beside = { ...sideDisk().sink(), ...later };

    expect(await failureOf(copy({ from: { ...source, ...later } }))).toMatchObject(refusal('the source numbers'));
    expect(await failureOf(copy({ to: { ...sink, ...later } }))).toMatchObject(refusal('the sink disk'));
    expect(await failureOf(copy({ rejected: beside }))).toMatchObject(refusal('the sink of rejected rows beside'));
    expect(await failureOf(copy({ written: { to: beside } }))).toMatchObject(
      refusal('the sink of written rows beside'),
    );
    expect([source.steps, sink.steps]).toEqual([[], []]);
  });

  it('is refused whoever else takes it, and inside of another, too', async () => {
    const { source, sink } = scene();
    const from = { ...source, ...later };
    const giveUp = { from, to: sink, id: 'a', journal: memoryJournal() };

    expect(await failureOf(Array.fromAsync(read(from)))).toMatchObject(refusal('the source numbers'));
    expect(await failureOf(() => limitRows(from, 1))).toMatchObject(refusal('the source numbers'));
    expect(await failureOf(explain(from))).toMatchObject(refusal('the source numbers'));
    expect(await failureOf(abandon(giveUp))).toMatchObject(refusal('the source numbers'));
    expect([source.steps, sink.steps]).toEqual([[], []]);
  });
});

describe('what is no plugin', () => {
  it.each<[string, unknown, string]>([
    ['has a name alone', { name: 'mine' }, 'the store mine declares no version of the contract'],
    ['has its version as text', { name: 'mine', contractVersion: '1' }, 'the store mine declares no version'],
    ['was never called', () => {}, 'what was given as the store declares no version'],
    ['is not there', undefined, 'what was given as the store declares no version'],
    ['is null', null, 'what was given as the store declares no version'],
  ])('is refused where it %s', async (_, given, told) => {
    expect(await failureOf(() => requireContract('store', given as never))).toMatchObject({
      code: 'CONTRACT_UNSUPPORTED',
      message: expect.stringContaining(told),
    });
  });
});
