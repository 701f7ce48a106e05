import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Context, type Sink, type Source, SluiceError } from '@sluice/core';

import { SECRET, sinkHarness, type SourceChange } from '../memory-harness.ts';
import type { Mutant } from './mutant.ts';
import { failingWith, internal, mutant, source } from './source-mutant.ts';

/** The same, on a remote side that does not tell of requests. */
function unseen(change: (correct: Source) => Partial<Source>): SourceChange {
  return {
    ...source(change),
    harness: ({ fixture, ...rest }) => ({
      ...rest,
      async fixture(table) {
        const { requests: _requests, ...own } = await fixture(table);
        return own;
      },
    }),
  };
}

let instances = 0;

export const PLUGIN_MUTANTS: readonly Mutant[] = [
  mutant(
    'B1',
    'has another name each time',
    /two instances made alike have other names/,
    source(() => ({ config: ++instances })),
  ),
  mutant(
    'B1',
    'does not declare its traits',
    /the trait `positions` is not declared/,
    source(() => ({ traits: { ordered: true } as Source['traits'] })),
  ),
  mutant('B2', 'accepts any option', /a split of no rows is accepted/, {
    harness: (harness) => ({
      ...harness,
      badOptions: [{ what: 'a split of no rows', mentions: 'splitRows', make: () => undefined }],
    }),
  }),
  mutant('B2', 'does not say which option is wrong', /does not mention "splitRows"/, {
    harness: (harness) => ({
      ...harness,
      badOptions: [
        {
          what: 'a split of no rows',
          mentions: 'splitRows',
          make() {
            throw new SluiceError('CONFIG_INVALID', 'wrong');
          },
        },
      ],
    }),
  }),
  mutant(
    'B4',
    'remembers its token',
    /a secret shows in what it remembers/,
    source((correct) => ({
      async check(ctx) {
        await ctx.memo.set('login', { token: SECRET });
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B4',
    'quotes its token when it is refused',
    /a secret shows in its error with the fault "badCredentials"/,
    failingWith(
      (cause) => new SluiceError('AUTH_REJECTED', 'refused', { cause: new Error(`token ${SECRET}: ${String(cause)}`) }),
    ),
  ),
  mutant('B5', 'connects when it is made', /making an instance sends requests/, {
    source: (correct, remote) => {
      remote.remote.requests++;
      return correct;
    },
  }),
  mutant(
    'B6',
    'does not succeed where all is well',
    /fails unexpectedly with AUTH_REJECTED/,
    source(() => ({
      check: async () => {
        throw new SluiceError('AUTH_REJECTED', 'refused');
      },
    })),
  ),
  mutant(
    'B1',
    'is made for another version of the contract',
    /follows version 2 of the contract, and this program has version 1/,
    source(() => ({ contractVersion: 2 as 1 })),
  ),
  mutant(
    'B1',
    'has no traits',
    /^it declares no traits$/,
    source(() => ({ traits: undefined as never })),
  ),
  mutant('B7', 'cannot be disposed of at all', /^disposed of unused, it fails with INTERNAL: something failed$/, {
    source: (correct) => ({
      ...correct,
      async [Symbol.asyncDispose]() {
        throw internal();
      },
    }),
  }),
  mutant('B7', 'cannot be disposed of twice', /^disposed of a second time, it fails with INTERNAL/, {
    source: (correct) => {
      let isDisposed = false;
      return {
        ...correct,
        async [Symbol.asyncDispose]() {
          if (isDisposed) throw internal();
          isDisposed = true;
        },
      };
    },
  }),
  mutant(
    'B8',
    'shares its state with other instances',
    /beside another instance it fails/,
    source((correct) => ({
      async plan(ctx) {
        if (++atWork > 1) throw internal();
        const plan = await correct.plan(ctx);
        await new Promise((resolve) => setImmediate(resolve));
        atWork--;
        return plan;
      },
    })),
  ),
  mutant('B8', 'reads the rows of whichever instance was made last', /which has rows of its own: 25 of 40 rows/, {
    source: (correct) => {
      lastSource = correct;
      return {
        ...correct,
        splits: (...args) => lastSource!.splits(...args),
        read: (...args) => lastSource!.read(...args),
      };
    },
  }),
  mutant(
    'B8',
    'closes the connections of every instance with the first',
    /when another instance is disposed of, it fails with CONNECTION_LOST/,
    source((correct) => ({
      async check(ctx) {
        await correct.check(ctx);
        isConnected = true;
      },
      async plan(ctx) {
        if (!isConnected) throw new SluiceError('CONNECTION_LOST', 'the pool is closed');
        return await correct.plan(ctx);
      },
      async [Symbol.asyncDispose]() {
        isConnected = false;
      },
    })),
  ),
  {
    check: 'B8',
    is: 'writes into the target of whichever instance was made last',
    says: /which has rows of its own: 40 of 40 rows are missing/,
    harness: () =>
      sinkHarness({
        sink: (correct) => {
          lastSink = correct;
          return {
            ...correct,
            open: (...args) => lastSink!.open(...args),
            writer: (...args) => lastSink!.writer(...args),
            commit: (...args) => lastSink!.commit(...args),
          };
        },
      }),
  },
  mutant(
    'B8-cycles',
    'leaves a timer with every instance',
    /50 instances leave open: \d+ Timeout/,
    source((correct, remote) => ({
      async check(ctx) {
        await correct.check(ctx);
        TIMERS.push(setTimeout(() => remote.jobs.clear(), 100_000));
      },
    })),
  ),
  mutant(
    'B8-cycles',
    'leaves a file open that it has read to the end',
    /6 instances whose work is done leave open: \d+ file descriptors/,
    source((correct) => ({
      async *read(...args) {
        yield* correct.read(...args);
        FILES.push(openSync(tmpdir(), 'r'));
      },
    })),
  ),
  mutant(
    'B8-cycles',
    'leaves a temporary file with every plan',
    /6 instances whose work is done leave 6 temporary files/,
    source((correct) => ({
      async plan(ctx) {
        FOLDERS.push(mkdtempSync(join(tmpdir(), 'mutant-')));
        return await correct.plan(ctx);
      },
    })),
  ),
  mutant(
    'B9',
    'wraps the reason it is aborted with',
    /rejects with INTERNAL: something failed instead of the reason/,
    failingWith(internal),
  ),
  mutant(
    'B9',
    'asks before it looks at the signal',
    /it sends requests although its signal is aborted/,
    source((correct, remote) => ({
      async check(ctx) {
        remote.remote.requests++;
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B9-during',
    'goes on after an abort',
    /aborted at work, it sends \d+ more requests|goes on/,
    source((correct, remote) => ({
      async *read(plan, split, ctx, from) {
        remote.pageRows = 1;
        yield* correct.read(plan, split, deaf(ctx), from);
        ctx.signal.throwIfAborted();
      },
    })),
  ),
  mutant(
    'B9-during',
    'looks at the signal when it is checked, and never again',
    /aborted after its check, it goes on to its end/,
    unseen((correct) => ({
      plan: (ctx) => correct.plan(deaf(ctx)),
      splits: (plan, ctx, after) => correct.splits(plan, deaf(ctx), after),
      read: (plan, split, ctx, from) => correct.read(plan, split, deaf(ctx), from),
      finish: (plan, end, ctx) => correct.finish(plan, end, deaf(ctx)),
    })),
  ),
  mutant(
    'B10',
    'leaves its listener on the signal',
    /when it has ended, \d+ listeners are left on the signal/,
    source((correct) => ({
      async check(ctx) {
        ctx.signal.addEventListener('abort', () => undefined);
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B13',
    'prints',
    /at work: console\.log was called/,
    source((correct) => ({
      async check(ctx) {
        globalThis.console.log('connected');
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B13',
    'changes the environment',
    /the environment was changed/,
    source((correct) => ({
      async check(ctx) {
        process.env['SLUICE_MUTANT'] = String(++instances);
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B13',
    'leaves a rejection unhandled',
    /a rejection was not handled/,
    source((correct) => ({
      async check(ctx) {
        void Promise.reject(internal());
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B16',
    'sends requests past its account',
    /allowed one connection, it has [2-9] requests under way at once/,
    source((correct) => ({
      read: (plan, split, ctx, from) =>
        correct.read(plan, split, { ...ctx, account: (id) => ({ id, call: (request) => request() }) }, from),
    })),
  ),
];

let atWork = 0;
let isConnected = false;
let lastSource: Source | undefined;
let lastSink: Sink | undefined;
const TIMERS: NodeJS.Timeout[] = [];
const FILES: number[] = [];
const FOLDERS: string[] = [];

/** What mutants leave on purpose. */
export function clearLeaks(): void {
  for (const timer of TIMERS.splice(0)) clearTimeout(timer);
  for (const file of FILES.splice(0)) closeSync(file);
  for (const folder of FOLDERS.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function deaf(ctx: Context): Context {
  return { ...ctx, signal: new AbortController().signal, retry: (request) => request(1) };
}
