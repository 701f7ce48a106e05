import { inspect } from 'node:util';

import type { Logger } from '../../../src/contract/context.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { memorySource } from '../../engine/memory-source.ts';
import { batchOfRows, rowsOfSplit, splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

export const oneErrorClass: InvariantCheck = {
  id: 'E11',
  title: 'Whatever a plugin throws, text even, becomes a coded error that names the plugin and has it as its cause.',
  async run(engine) {
    for (const [side, where] of [
      ['numbers', 'plan'],
      ['numbers', 'deliver 0 at 4'],
      ['disk', 'write 0/0 4'],
      ['disk', 'commit 3'],
    ] as const) {
      const at = async (step: string): Promise<void> => {
        // What no plugin should do.
        if (step === where) await Promise.reject('oops');
      };
      const { copy } = engineScene(engine, side === 'numbers' ? { at } : {}, side === 'disk' ? { at } : {});
      const failure = await failureUnless(copy(), `a run whose plugin throws at ${where} succeeds`);
      ensure(
        SluiceError.is(failure) && failure.message.includes(side),
        `text thrown by ${side} at ${where} ends a run with ${told(failure)}`,
      );
    }
  },
};

export const journalledIsJson: InvariantCheck = {
  id: 'E11-json',
  title: 'What a plugin gives to be journalled is JSON, or the run fails by the name of the plugin.',
  async run(engine) {
    for (const what of ['split', 'position', 'target', 'message'] as const) {
      const { source, sink, copy } = engineScene(engine, { splits: splitsOf(3) });
      const odd = new Date(0) as never;
      const failure = await failureUnless(
        copy({
          from: {
            ...source,
            async *splits() {
              yield what === 'split' ? odd : { v: 1, split: 0 };
            },
            async *read() {
              yield { batch: batchOfRows(rowsOfSplit(0, 3)), position: what === 'position' ? odd : 1 };
            },
          },
          to: {
            ...sink,
            open: async (...args) => (what === 'target' ? odd : await sink.open(...args)),
            async writer(...args) {
              const own = await sink.writer(...args);
              return { ...own, prepare: async () => (what === 'message' ? odd : await own.prepare()) };
            },
          },
        }),
        `a run with a ${what} that is no JSON succeeds`,
      );
      ensure(
        SluiceError.is(failure) && failure.code === 'CONTRACT_BROKEN',
        `a ${what} that is no JSON ends a run with ${told(failure)}`,
      );
    }
  },
};

const VALUE = 'hunter2';

export const noValueTold: InvariantCheck = {
  id: 'E11-values',
  title: 'No value of a row is in an error, in the journal or in what is logged.',
  async run(engine) {
    const said: string[] = [];
    const say = (message: string, fields?: object): void => void said.push(message, JSON.stringify(fields ?? {}));
    const log: Logger = { debug: say, info: say, warn: say, error: say };
    const rows = rowsOfSplit(0, 12).map((row) => ({ ...row, text: VALUE }));
    let fails = 1;
    const { texts, copy } = engineScene(
      engine,
      {
        splits: [rows],
        positions: false,
        reject: ({ id }) => (id === 2 ? 'too long' : undefined),
        at: (step) => {
          if (step === 'deliver 0 at 8' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
      { rejectAtCommit: ({ id }) => (id === 5 ? 'taken' : undefined) },
      { log },
    );
    const failure = await failureUnless(copy({ maxRejects: 1 }), 'a run with more rejected rows than allowed succeeds');
    const changed = memorySource({ splits: [rows.map((row) => ({ ...row, id: row.id + 1 }))], positions: false });
    const other = await copy({ from: changed }).catch((error: unknown) => error);
    for (const [where, text] of [
      ['an error', [failure, other].map((error) => inspect(error, { depth: 9 })).join()],
      ['the journal', [...texts.values()].flat().join()],
      ['the log', said.join()],
    ] as const) {
      ensure(!text.includes(VALUE), `the value of a row is in ${where}`);
    }
  },
};
