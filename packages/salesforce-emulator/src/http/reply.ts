import type { ApiFault } from './api-fault.ts';

/** The decoded bytes of a body, in order. An empty chunk asks that what came before it be sent without delay. */
export type Body = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What the org answers, before compression and transfer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** The same bytes, compressed beforehand, for who asks for gzip. */
  readonly gzipBody?: Body;
  /** The body goes out as it is, whatever the client asked for. */
  readonly isPlain?: true;
  /** Changes the bytes as transferred, compressed if they are. */
  readonly transfer?: (body: Body) => Body;
  /** Sending is cut off when it takes longer, on the emulator's clock. */
  readonly timeoutMs?: number;
}

export type JsonValue = string | number | boolean | null | object;

export function jsonReply(value: JsonValue, { status = 200, headers = {} }: Partial<Omit<Reply, 'body'>> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
    body: [Buffer.from(JSON.stringify(value))],
  };
}

export function emptyReply(status: number): Reply {
  return { status, headers: {} };
}

export function faultReply({ status, errorCode, message }: ApiFault): Reply {
  return jsonReply([{ message, errorCode }], { status });
}

/** The reply with another body; what was compressed beforehand no longer fits it. */
export function withBody({ gzipBody: _, ...reply }: Reply, body: Body): Reply {
  return { ...reply, body };
}
