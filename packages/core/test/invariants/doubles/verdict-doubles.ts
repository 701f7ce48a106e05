import type { JournalEntry } from '../../../src/contract/journal.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { engine } from '../engine.ts';
import { type EngineDouble, settling, withJournal, withOptions, withSink } from './engine-double.ts';

export const VERDICT_DOUBLES: readonly EngineDouble[] = [
  {
    check: 'E7-asked',
    is: 'allows any reject that it is asked about',
    says: /a commit that would reject more rows than the run allows publishes 14 others/,
    engine: withSink(({ commit }) => ({
      commit: (target, schema, parts, ctx) => commit(target, schema, parts, { ...ctx, requireAllowed() {} }),
    })),
  },
  {
    check: 'E7-asked',
    is: 'allows no reject that it is asked about',
    says: /ROWS_REJECTED: none at all/,
    engine: withSink(({ commit }) => ({
      commit: (target, schema, parts, ctx) =>
        commit(target, schema, parts, {
          ...ctx,
          requireAllowed() {
            throw new SluiceError('ROWS_REJECTED', 'none at all');
          },
        }),
    })),
  },
  {
    check: 'E7-retry',
    is: 'sends no row again',
    says: /a row that is locked twice is sent 1 times/,
    engine: withOptions(() => ({ rowAttempts: 1 })),
  },
  {
    check: 'E7-retry',
    is: 'sends rows again for as long as they are refused',
    says: /allowed 3 attempts, a row that stays locked is sent \d{1,2} times/,
    engine: withOptions(() => ({ rowAttempts: 12 })),
  },
  {
    check: 'E7-kept',
    is: 'keeps the rows of the first batch alone',
    says: /these rows are there again: 0: 0 1 2 3, /,
    engine: withSink(({ commit }) => ({
      commit: (target, schema, parts, ctx) =>
        commit(
          target,
          schema,
          parts.map((part) => ({
            ...part,
            async *rows() {
              for await (const batch of part.rows()) {
                yield batch;
                return;
              }
            },
          })),
          ctx,
        ),
    })),
  },
  {
    check: 'E7-account',
    is: 'says nothing of a run that failed',
    says: /a run that fails with REMOTE_REFUSED: no says nothing of its rows/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(
          engine.copy(options),
          (run) => run.finally(() => {}),
          () => ({ account: undefined }),
        ),
    },
  },
  {
    check: 'E7-account',
    is: 'takes rows that were not sent for rejected',
    says: /of 10 rows, five of them unsent, 10 are read, 4 written, 6 rejected, 0 unsent/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(
          engine.copy(options),
          (run) => run.finally(() => {}),
          ({ account }) => ({
            account: account && {
              ...account,
              rejectedRows: account.rejectedRows + account.unsentRows,
              unsentRows: 0,
              unsent: [],
            },
          }),
        ),
    },
  },
  {
    check: 'E8-rejected',
    is: 'hands on no rejected row',
    says: /rows 2 and 8 are rejected, and handed on is none/,
    engine: {
      ...engine,
      copy: ({ rejected: _rejected, ...options }) => engine.copy(options),
    },
  },
  {
    check: 'E8-rejected',
    is: 'commits a part before its rejected rows are safe',
    says: /a part is committed in the journal before its rejected rows are safe/,
    engine: withJournal(() => {
      const late: JournalEntry[] = [];
      return {
        async append(entry, run) {
          if (entry.kind === 'sidePrepared') {
            late.push(entry);
            return;
          }
          await run.append(entry);
          for (const one of late.splice(0)) await run.append(one);
        },
      };
    }),
  },
  {
    check: 'E10-results',
    is: 'does not ask what took effect',
    says: /rows that took effect before their run was given up are not counted as written/,
    engine: withSink(({ abort }) => ({
      async abort(...args) {
        const { leftBehind } = await abort(...args);
        return { leftBehind };
      },
    })),
  },
];
