import type { Clock } from '../contract/context.ts';
import type { PartResult, Sink, Writer } from '../contract/sink.ts';
import type { Source } from '../contract/source.ts';
import { requireContract } from '../plugin/contract-version.ts';
import { requireSinkTraits, requireSourceTraits } from './declared-traits.ts';
import { PendingCalls } from './pending-calls.ts';
import { contractBroken } from './plugin-fault.ts';
import { partName } from './run-state.ts';

/** Whose calls under way are known, so that one that never settles can be named. */
export interface Watched {
  readonly name: string;
  readonly pending: PendingCalls;
}

export type WatchedSource = Source & Watched;
export type WatchedSink = Sink & Watched;

/** @throws `CONTRACT_UNSUPPORTED`, `CONTRACT_BROKEN` */
export function watchedSource(source: Source, clock: Clock): WatchedSource {
  requireContract('source', source);
  requireSourceTraits(source);
  const { name, config, traits } = source;
  const pending = new PendingCalls(`source ${name}`, clock);
  return {
    contractVersion: 1,
    name,
    config,
    traits,
    pending,
    check: (ctx) => pending.watch('check', () => source.check(ctx), ctx.signal),
    plan: (ctx) => pending.watch('plan', () => source.plan(ctx), ctx.signal),
    splits: (plan, ctx, after) => watchedItems(pending, 'splits', source.splits(plan, ctx, after)),
    read: (plan, split, ctx, from) => watchedItems(pending, 'read', source.read(plan, split, ctx, from)),
    finish: (plan, end, ctx) => pending.watch('finish', () => source.finish(plan, end, ctx)),
    [Symbol.asyncDispose]: () => pending.watch('dispose', () => source[Symbol.asyncDispose]()),
  };
}

/** @param role What it is in the run, such as `sink`. @throws `CONTRACT_UNSUPPORTED`, `CONTRACT_BROKEN` */
export function watchedSink(role: string, sink: Sink, clock: Clock): WatchedSink {
  requireContract(role, sink);
  requireSinkTraits(role, sink);
  const { name, config, traits } = sink;
  const pending = new PendingCalls(`${role} ${name}`, clock);
  return {
    contractVersion: 1,
    name,
    config,
    traits,
    pending,
    check: (ctx) => pending.watch('check', () => sink.check(ctx), ctx.signal),
    open: (schema, intent, ctx) => pending.watch('open', () => sink.open(schema, intent, ctx), ctx.signal),
    async writer(target, schema, part, ctx, after) {
      const of = `of ${partName(part)}`;
      const open = (): Promise<Writer> => sink.writer(target, schema, part, ctx, after);
      const writer = await pending.watch(`writer ${of}`, open, ctx.signal);
      return watchedWriter(pending, of, writer, ctx.signal);
    },
    commit(target, schema, parts, ctx) {
      const call = parts.length === 1 ? `commit of ${partName(parts[0]!.part)}` : `commit of ${parts.length} parts`;
      return watchedResults(pending, call, sink.commit(target, schema, parts, ctx));
    },
    async abort(target, schema, parts, ctx) {
      const { leftBehind, results = [] } = await pending.watch('abort', () => sink.abort(target, schema, parts, ctx));
      return { leftBehind, results: results.map((result) => watchedResult(pending, 'abort', result)) };
    },
    [Symbol.asyncDispose]: () => pending.watch('dispose', () => sink[Symbol.asyncDispose]()),
  };
}

function watchedWriter(pending: PendingCalls, of: string, writer: Writer, signal: AbortSignal): Writer {
  const [write, prepare, dispose] = [`write ${of}`, `prepare ${of}`, `dispose of the writer ${of}`];
  return {
    write: (batch) => pending.watch(write, () => writer.write(batch), signal),
    prepare: () => pending.watch(prepare, () => writer.prepare(), signal),
    [Symbol.asyncDispose]: () => pending.watch(dispose, () => writer[Symbol.asyncDispose]()),
  };
}

async function* watchedResults(
  pending: PendingCalls,
  call: string,
  results: AsyncIterable<PartResult>,
): AsyncGenerator<PartResult, void, undefined> {
  for await (const result of watchedItems(pending, call, results)) yield watchedResult(pending, call, result);
}

function watchedResult(pending: PendingCalls, call: string, result: PartResult): PartResult {
  const { part, writtenRows, rejects, inDoubt, written } = result;
  return {
    part,
    writtenRows,
    rejects: watchedItems(pending, call, rejects),
    ...(inDoubt === undefined ? {} : { inDoubt }),
    ...(written === undefined ? {} : { written: watchedItems(pending, call, written) }),
  };
}

/** Each step of an iteration is a call. */
function watchedItems<T>(pending: PendingCalls, call: string, items: AsyncIterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      // Whatever the types say.
      if (typeof items?.[Symbol.asyncIterator] !== 'function') {
        throw contractBroken(pending.plugin, `its ${call} gave what cannot be iterated asynchronously`);
      }
      const iterator = items[Symbol.asyncIterator]();
      return {
        next: () => pending.watch(call, () => iterator.next()),
        return: (value) =>
          pending.watch(call, async () => (await iterator.return?.(value)) ?? { done: true, value: undefined }),
      };
    },
  };
}
