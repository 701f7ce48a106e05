import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { ApiFault } from './api-fault.ts';

/** No body of the API is larger, but for uploads, which are not read as text. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;

export interface IncomingRequest {
  readonly method: string;
  /** As it came, without the query. */
  readonly path: string;
  /** The path's segments, decoded. One leading double slash and one trailing slash count for nothing. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** @throws {ApiFault} 413 when it is too long. */
  text(): Promise<string>;
}

export function incomingRequest(message: IncomingMessage): IncomingRequest {
  const { method = 'GET', url = '/', headers } = message;
  const [path = '/', ...search] = url.split('?');
  return {
    method,
    path,
    segments: segmentsOf(path),
    query: new URLSearchParams(search.join('?')),
    headers,
    text: () => readText(message),
  };
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

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Without an encoding set, a request yields buffers.
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_TEXT_BYTES) throw new ApiFault(413, 'REQUEST_TOO_LARGE', 'The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
