import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { ApiFault } from './api-fault.ts';
import { ConnectionCut } from './connection-cut.ts';

/** No body of the API is larger, but for uploads, which are not read as text. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;
const MOST_PATCH_BYTES = 65_536;

export interface IncomingRequest {
  readonly method: string;
  /** As it came, without the query. */
  readonly path: string;
  /** The path's segments, decoded. One leading double slash and one trailing slash count for nothing. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body as they come; a body is taken once, in this form or the other. */
  body(): AsyncIterable<Uint8Array>;
  /** @throws {ApiFault} 413 when it is too long. */
  text(): Promise<string>;
  /** The body of a PATCH, once it was read ahead. */
  readonly patch?: string;
}

export function incomingRequest(message: IncomingMessage): IncomingRequest {
  const { method = 'GET', url = '/', headers } = message;
  const [path = '/', ...search] = url.split('?');
  const body = (): AsyncIterable<Uint8Array> => bodyOf(message);
  return {
    method,
    path,
    segments: segmentsOf(path),
    query: new URLSearchParams(search.join('?')),
    headers,
    body,
    text: () => readText(body()),
  };
}

/** The request with the body of a short PATCH read ahead, so that what it is for is known. */
export async function withPatchRead(request: IncomingRequest): Promise<IncomingRequest> {
  const { method, headers } = request;
  if (method !== 'PATCH' || !(Number(headers['content-length']) <= MOST_PATCH_BYTES)) return request;
  const patch = await request.text();
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from(patch);
  }
  return { ...request, patch, body, text: async () => patch };
}

/** The request with its body changed on its way to the org. */
export function withRequestBody(
  request: IncomingRequest,
  change: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): IncomingRequest {
  const body = (): AsyncIterable<Uint8Array> => change(request.body());
  return { ...request, body, text: () => readText(body()) };
}

/** A double slash inside the path leaves an empty segment, which no route has. */
function segmentsOf(path: string): readonly string[] {
  return path
    .replace(/^\/{1,2}/, '')
    .replace(/\/$/, '')
    .split('/')
    .map(decodeSegment);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whoever stops reading may still answer: the rest is thrown away. @throws {ConnectionCut} when the client goes. */
async function* bodyOf(message: IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // Without an encoding set, a request yields buffers.
    yield* message.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
  } catch (error) {
    throw message.errored === null ? error : new ConnectionCut();
  } finally {
    message.resume();
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_TEXT_BYTES) throw new ApiFault(413, 'REQUEST_TOO_LARGE', 'The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
