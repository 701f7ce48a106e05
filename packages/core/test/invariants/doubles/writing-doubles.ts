import { Schema } from 'apache-arrow';

import type { JournalEntry } from '../../../src/contract/journal.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { type EngineDouble, withJournal, withOptions, withReceipt, withSink, withWriters } from './engine-double.ts';

export const WRITING_DOUBLES: readonly EngineDouble[] = [
  {
    check: 'E4-part',
    is: 'ends a part with the split alone',
    says: /a part of 40 rows and \d+ bytes goes to a sink that takes \{"rows":7\}/,
    engine: withSink(({ traits: { part: _part, ...traits } }) => ({ traits })),
  },
  {
    check: 'E4-part',
    is: 'does not look at bytes',
    says: /goes to a sink that takes \{"bytes":60\}/,
    engine: withSink(({ traits }) => ({ traits: { ...traits, part: { rows: traits.part?.rows ?? 20 } } })),
  },
  {
    check: 'E4-full',
    is: 'goes on writing when the writer is full',
    says: /a writer that is full at 10 rows is given parts of 40/,
    engine: withWriters(({ write }) => ({
      async write(batch) {
        const { full: _full, ...outcome } = await write(batch);
        return outcome;
      },
    })),
  },
  {
    check: 'E13',
    is: 'ends a part with each delivery',
    says: /delivered 1 rows at a time instead of 16, the parts are others/,
    engine: withWriters(({ write }) => ({ write: async (batch) => ({ ...(await write(batch)), full: true }) })),
  },
  {
    check: 'E13-clock',
    is: 'writes the id of the run into the schema',
    says: /two runs of the same rows open their targets with .*another/,
    engine: withOptions(({ to, id = '' }) => ({
      to: {
        ...to,
        open: ({ fields, metadata }, ...args) =>
          to.open(new Schema(fields, new Map([...metadata, ['run', id]])), ...args),
      },
    })),
  },
  {
    check: 'E6',
    is: 'commits each part on its own',
    says: /it commits 9 times/,
    engine: withSink(({ commit }) => ({
      async *commit(target, schema, parts, ctx) {
        for (const part of parts) yield* commit(target, schema, [part], ctx);
      },
    })),
  },
  {
    check: 'E6',
    is: 'commits parts in any order',
    says: /it commits parts 2\/2 2\/1/,
    engine: withSink(({ commit }) => ({
      commit: (target, schema, parts, ctx) => commit(target, schema, parts.toReversed(), ctx),
    })),
  },
  {
    check: 'E6-failed',
    is: 'commits each part as soon as it is prepared',
    says: /a run that fails publishes \d+ rows/,
    engine: withSink(({ traits }) => ({ traits: { ...traits, commit: 'part' } })),
  },
  {
    check: 'E7',
    is: 'believes whatever a sink counts',
    says: /a run whose sink lost a row succeeds/,
    engine: withSink(({ commit }) => ({
      async *commit(...args) {
        for await (const result of commit(...args)) yield { ...result, writtenRows: result.writtenRows + 1 };
      },
    })),
  },
  {
    check: 'E7-receipt',
    is: 'counts rows that are in doubt as written',
    says: /in total, 15 rows are read, \d+ written/,
    engine: withReceipt((receipt) => ({ ...receipt, writtenRows: receipt.writtenRows + receipt.inDoubtRows })),
  },
  {
    check: 'E7-receipt',
    is: 'adds to the receipt what the journal does not have',
    says: /the receipt says what the journal does not/,
    engine: withReceipt((receipt) => ({ ...receipt, notes: [{ code: 'FAST', message: 'that was fast' }] })),
  },
  {
    check: 'E7-limit',
    is: 'counts no rejected rows',
    says: /a run with more rejected rows than allowed succeeds/,
    engine: withOptions(() => ({ maxRejects: Infinity })),
  },
  {
    check: 'E7-doubt',
    is: 'takes rows in doubt for written',
    says: /a run with more rows in doubt than allowed succeeds/,
    engine: withOptions(() => ({ maxInDoubt: Infinity })),
  },
  {
    check: 'E7-doubt',
    is: 'fails as soon as it hears of rows in doubt',
    says: /of 6 parts that were committed when the run ended, the journal has 4/,
    engine: withJournal(() => ({
      async append(entry, run) {
        if (entry.kind === 'partCommitted' && entry.inDoubt.length > 0) {
          throw new SluiceError('ROWS_IN_DOUBT', 'rows 5 to 6 of split 1 are in doubt');
        }
        await run.append(entry);
      },
    })),
  },
  {
    check: 'E8',
    is: 'names a rejected row by its place in the part',
    says: /row 17 of split 0, rejected in read, is named row [0-9] of/,
    engine: withReceipt((receipt) => ({
      ...receipt,
      rejects: receipt.rejects.map((group) => ({ ...group, firstRow: group.firstRow % 4 })),
    })),
  },
  {
    check: 'E8',
    is: 'does not count the rows that were rejected before',
    says: /row 17 of split 0, rejected in write, is named row 1[56]/,
    engine: withWriters(({ write }) => ({
      async write(batch) {
        const { rejects = [], ...outcome } = await write(batch);
        return { ...outcome, rejects: rejects.map((reject) => ({ ...reject, row: Math.max(0, reject.row - 1) })) };
      },
    })),
  },
  {
    check: 'E9-commit',
    is: 'gives up a commit that may pass',
    says: /a commit that is cut twice ends the run with REMOTE_UNAVAILABLE/,
    engine: withSink(({ commit }) => ({
      async *commit(...args) {
        try {
          yield* commit(...args);
        } catch (error) {
          throw SluiceError.is(error) ? new SluiceError(error.code, error.message, { retryable: false }) : error;
        }
      },
    })),
  },
  {
    check: 'E9-journal',
    is: 'journals a part as prepared when it is committed',
    says: /part 0\/0 is committed before the journal has it as prepared/,
    engine: withJournal(() => {
      const late: JournalEntry[] = [];
      return {
        async append(entry, run) {
          if (entry.kind === 'partPrepared') {
            late.push(entry);
            return;
          }
          for (const one of late.splice(0)) await run.append(one);
          await run.append(entry);
        },
      };
    }),
  },
];
