import type { JournalEntry } from '../../../src/contract/journal.ts';
import type { Json } from '../../../src/contract/json.ts';
import type { PreparedPart } from '../../../src/contract/sink.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { rowsOfBatch } from '../../engine/row-batches.ts';
import { engine } from '../engine.ts';
import {
  type EngineDouble,
  settling,
  withContext,
  withJournal,
  withOptions,
  withReceipt,
  withSink,
  withSource,
} from './engine-double.ts';

export const RUN_DOUBLES: readonly EngineDouble[] = [
  {
    check: 'E2',
    is: 'journals a split when it is done with it',
    says: /splits 0, 1, .* are read before the journal has them/,
    engine: withJournal(() => {
      const late: JournalEntry[] = [];
      return {
        async append(entry, run) {
          if (entry.kind === 'splitFound') {
            late.push(entry);
            return;
          }
          for (const one of late.splice(0)) await run.append(one);
          await run.append(entry);
        },
      };
    }),
  },
  {
    check: 'E9',
    is: 'goes on a row behind where it was',
    says: /killed (before|after) entry \d+ of \d+ and resumed, a run ends otherwise, with 11 rows written of 12/,
    engine: withJournal(() => ({
      found: (entry) =>
        entry.kind === 'partPrepared' ? { ...entry, to: { ...entry.to, skipRows: entry.to.skipRows + 1 } } : entry,
    })),
  },
  {
    check: 'E9-memo',
    is: 'keeps memos in the process',
    says: /a memo is set, and the journal does not have it/,
    engine: withContext(() => {
      const values = new Map<string, Json>();
      return {
        memo: {
          get: (key) => values.get(key),
          async set(key, value) {
            values.set(key, value);
          },
        },
      };
    }),
  },
  {
    check: 'E9-replay',
    is: 'keeps no digests',
    says: /a run goes on over rows that have changed/,
    engine: withJournal(() => ({
      found: (entry) => (entry.kind === 'partPrepared' ? { ...entry, digest: undefined as never } : entry),
    })),
  },
  {
    check: 'E9-finished',
    is: 'does not see that a run has ended',
    says: /a finished run asks for \w+/,
    engine: withJournal(() => ({ found: (entry) => (entry.kind === 'ended' ? undefined : entry) })),
  },
  {
    check: 'E9-mismatch',
    is: 'knows a run by its id alone',
    says: /a run goes on with another configuration/,
    engine: withSource(() => ({ config: null })),
  },
  {
    check: 'E9-lock',
    is: 'holds no run',
    says: /a run that is under way is run by a second copy/,
    engine: withOptions(() => ({ id: `run ${++runs}` })),
  },
  {
    check: 'E10',
    is: 'wraps the reason',
    says: /cancelled at plan, a run ends with INTERNAL: cancelled instead of the reason/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(engine.copy(options), (run) =>
          run.catch((cause: unknown) => {
            throw new SluiceError('INTERNAL', 'cancelled', { cause });
          }),
        ),
    },
  },
  {
    check: 'E10',
    is: 'leaves a listener on the signal',
    says: /a run leaves 1 listeners on the signal/,
    engine: withOptions(({ signal }) => {
      signal?.addEventListener('abort', () => {});
      return {};
    }),
  },
  {
    check: 'E10-bound',
    is: 'waits ten times as long as it is told to',
    says: /a run is held up for [23]00000 ms with a bound of 10000 ms/,
    engine: withOptions(({ cleanupMs = 0 }) => ({ cleanupMs: 10 * cleanupMs })),
  },
  {
    check: 'E10-bound',
    is: 'takes clean-up that did not end for done',
    says: /clean-up that did not end is named of nobody/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(
          engine.copy(options),
          (run) => run.finally(() => {}),
          () => ({ leftBehind: [] }),
        ),
    },
  },
  {
    check: 'E10-call',
    is: 'knows of a plugin alone that it hangs',
    says: /of a read of numbers that never settles, a run names numbers/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(
          engine.copy(options),
          (run) => run.finally(() => {}),
          ({ leftBehind }) => ({
            leftBehind: leftBehind.map((left) => ({ ...left, id: left.id.replace(/.*, \w+ /, '') })),
          }),
        ),
    },
  },
  {
    check: 'E10-abandon',
    is: 'leaves what is staged',
    says: /a run that fails ends with finish abandoned/,
    engine: withSink(() => ({ abort: async () => ({ leftBehind: [] }) })),
  },
  {
    check: 'E10-abandon',
    is: 'leaves what the source has started',
    says: /a run that fails ends with abort/,
    engine: withSource(() => ({ finish: async () => [] })),
  },
  {
    check: 'E10-abandon',
    is: 'does not tell the sink which parts there are',
    says: /of 6 prepared parts, the sink is to remove 0/,
    engine: withSink(({ abort }) => ({ abort: (target, schema, _parts, ctx) => abort(target, schema, [], ctx) })),
  },
  {
    check: 'E10-kept',
    is: 'abandons every run that fails',
    says: /a run that could be resumed ends with abort/,
    engine: withJournal(() => ({ durable: false })),
  },
  {
    check: 'E10-spared',
    is: 'removes every part there was',
    says: /the sink is to remove 0\/0, 0\/1, which it has committed/,
    engine: withSink(({ commit, abort }) => {
      const committed: PreparedPart[] = [];
      return {
        commit(...args) {
          committed.push(...args[2]);
          return commit(...args);
        },
        abort: (target, schema, parts, ctx) => abort(target, schema, [...committed, ...parts], ctx),
      };
    }),
  },
  {
    check: 'E10-left',
    is: 'keeps to itself what is left behind',
    says: /a job that is left behind is not named by the run/,
    engine: withSource(({ finish }) => ({
      async finish(...args) {
        await finish(...args);
        return [];
      },
    })),
  },
  {
    check: 'E10-dispose',
    is: 'does not let go of the sink',
    says: /failed at nowhere, a run leaves its plugins at dispose and/,
    engine: withSink(() => ({ async [Symbol.asyncDispose]() {} })),
  },
  {
    check: 'E10-give-up',
    is: 'abandons nothing',
    says: /a run that is abandoned ends with nothing/,
    engine: { ...engine, abandon: async () => [] },
  },
  {
    check: 'E11',
    is: 'passes on whatever was thrown',
    says: /text thrown by numbers at plan ends a run with a thrown string/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(engine.copy(options), (run) =>
          run.catch((error: unknown) => {
            throw rootOf(error);
          }),
        ),
    },
  },
  {
    check: 'E11-json',
    is: 'journals what JSON makes of it',
    says: /a run with a split that is no JSON succeeds/,
    engine: withSource(({ splits, read }) => ({
      async *splits(...args) {
        for await (const split of splits(...args)) yield asJson(split);
      },
      async *read(...args) {
        for await (const { position, ...delivery } of read(...args)) {
          yield position === undefined ? delivery : { ...delivery, position: asJson(position) };
        }
      },
    })),
  },
  {
    check: 'E11-values',
    is: 'logs the rows it reads',
    says: /the value of a row is in the log/,
    engine: withSource(({ read }) => ({
      async *read(plan, split, ctx, from) {
        for await (const delivery of read(plan, split, ctx, from)) {
          ctx.log.debug('read', { rows: JSON.stringify(rowsOfBatch(delivery.batch)) });
          yield delivery;
        }
      },
    })),
  },
  {
    check: 'E11-values',
    is: 'quotes the row that was rejected in its error',
    says: /the value of a row is in an error/,
    engine: {
      ...engine,
      copy: (options) =>
        settling(engine.copy(options), (run) =>
          run.catch((cause: unknown) => {
            throw new SluiceError('ROWS_REJECTED', 'a row was rejected: hunter2', { cause });
          }),
        ),
    },
  },
  {
    check: 'E-budget-count',
    is: 'counts no calls',
    says: /of \d+ calls, the receipt has none/,
    engine: withReceipt((receipt) => ({ ...receipt, apiCalls: {} })),
  },
];

let runs = 0;

function asJson(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}
