import { ConnectionCut } from '../http/connection-cut.ts';
import { type Body, type Reply, withBody } from '../http/reply.ts';
import { afterRows, type BodyMarker } from './body-markers.ts';
import type { CutOptions } from './connection-faults.ts';
import type { FaultAction } from './fault-action.ts';

const FLUSH = new Uint8Array();

export interface BodyFaultOptions {
  /** Which bytes the marker looks at: of the body, or as transferred, compressed if they are. Default `decoded`. */
  readonly counted?: 'decoded' | 'transferred';
}

/**
 * The connection is cut at the marker; what comes before it arrives, compressed or not, unless a reset overtakes it. A
 * body that ends before the marker arrives whole.
 */
export function dropAt(marker: BodyMarker, { reset, ...options }: BodyFaultOptions & CutOptions = {}): FaultAction {
  return bodyFault(options, (body) =>
    upTo(body, marker, () => {
      throw new ConnectionCut(reset === undefined ? {} : { reset });
    }),
  );
}

/** The body ends at the marker as if that were its end. */
export function truncateAt(marker: BodyMarker, options?: BodyFaultOptions): FaultAction {
  return bodyFault(options, (body) => upTo(body, marker, () => 'end'));
}

/** Nothing more comes after the marker, until `until` resolves; the connection stays open. */
export function stallAt(
  marker: BodyMarker,
  { until, ...options }: BodyFaultOptions & { readonly until?: Promise<unknown> } = {},
): FaultAction {
  return bodyFault(options, (body, closed) =>
    upTo(body, marker, async (): Promise<'goOn'> => {
      await unlessClosed(until, closed);
      return 'goOn';
    }),
  );
}

/** The connection is cut at the marker because the time that the org sends a page for is over, on its clock. */
export function timeOutAt(marker: BodyMarker): FaultAction {
  return {
    after: (reply, { clock }) =>
      withBody(
        reply,
        upTo(reply.body ?? [], marker, () => {
          if (reply.timeoutMs !== undefined) clock.advance(reply.timeoutMs);
          return 'goOn';
        }),
      ),
  };
}

/** The byte after the marker is another one. */
export function damageAt(marker: BodyMarker, options?: BodyFaultOptions): FaultAction {
  return bodyFault(options, (body) => damaged(body, marker));
}

/** The header row is missing. */
export function skipHeaderRow(): FaultAction {
  return bodyFault(undefined, (body) => from(body, afterRows(0)));
}

/** The first row comes twice. */
export function repeatFirstRow(): FaultAction {
  return bodyFault(undefined, repeated);
}

async function* repeated(body: Body): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = await Array.fromAsync(body);
  yield* upTo(chunks, afterRows(1), () => 'end');
  yield* from(chunks, afterRows(0));
}

/** Waits for the promise, for ever without one. @throws {ConnectionCut} when the connection goes first. */
export async function unlessClosed(until: Promise<unknown> | undefined, closed: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cut = (): void => reject(new ConnectionCut());
  if (closed.aborted) cut();
  closed.addEventListener('abort', cut);
  try {
    await (until === undefined ? promise : Promise.race([until, promise]));
  } finally {
    closed.removeEventListener('abort', cut);
  }
}

function bodyFault(
  { counted = 'decoded' }: BodyFaultOptions = {},
  change: (body: Body, closed: AbortSignal) => Body,
): FaultAction {
  return {
    after: (reply, { closed }): Reply => {
      if (counted === 'decoded') return withBody(reply, change(reply.body ?? [], closed));
      const { transfer = (body: Body) => body } = reply;
      return { ...reply, body: reply.body ?? [], transfer: (body) => change(transfer(body), closed) };
    },
  };
}

async function* upTo(
  body: Body,
  marker: BodyMarker,
  reached: () => 'end' | 'goOn' | Promise<'end' | 'goOn'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const scan = marker();
  let isReached = false;
  for await (const chunk of body) {
    const at = isReached ? undefined : scan(chunk);
    if (at === undefined) {
      yield chunk;
      continue;
    }
    isReached = true;
    if (at > 0) yield chunk.subarray(0, at);
    yield FLUSH;
    if ((await reached()) === 'end') return;
    if (at < chunk.length) yield chunk.subarray(at);
  }
}

async function* damaged(body: Body, marker: BodyMarker): AsyncGenerator<Uint8Array, void, undefined> {
  const scan = marker();
  let state: 'before' | 'at' | 'behind' = 'before';
  for await (const chunk of body) {
    const at: number | undefined = state === 'at' ? 0 : state === 'before' ? scan(chunk) : undefined;
    if (at === undefined) {
      yield chunk;
      continue;
    }
    state = at < chunk.length ? 'behind' : 'at';
    const changed = Uint8Array.from(chunk);
    if (at < chunk.length) changed[at] = ~chunk[at]!;
    yield changed;
  }
}

async function* from(body: Body, marker: BodyMarker): AsyncGenerator<Uint8Array, void, undefined> {
  const scan = marker();
  let isReached = false;
  for await (const chunk of body) {
    if (isReached) {
      yield chunk;
      continue;
    }
    const at = scan(chunk);
    if (at === undefined) continue;
    isReached = true;
    if (at < chunk.length) yield chunk.subarray(at);
  }
}
