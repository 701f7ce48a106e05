import { setImmediate } from 'node:timers/promises';

import { gzipBody } from '../http/gzip-body.ts';
import type { Body } from '../http/reply.ts';
import type { JobResult, ResultPage } from './job-result.ts';

/** Few, large blocks: the fewer, the faster a page is sent. */
const BLOCK_BYTES = 1_048_576;
/** What servers usually take: there is time to compress well here. */
const GZIP_LEVEL = 6;

export interface PrerenderedResult extends JobResult {
  /** Of all pages, header rows included. */
  readonly csvBytes: number;
  readonly gzipBytes: number;
}

/**
 * A result whose pages of `pageRows` rows are held in memory, plain and compressed, so that sending them costs next to
 * nothing. Other pages are made when they are asked for. Takes the result over.
 */
export async function prerenderResult(result: JobResult, pageRows: number): Promise<PrerenderedResult> {
  const pages: {
    readonly rows: number;
    readonly body: readonly Uint8Array[];
    readonly gzipBody: readonly Uint8Array[];
  }[] = [];
  for (let offset = 0; offset < Math.max(1, result.totalRows); offset += pageRows) {
    const rows = Math.min(pageRows, result.totalRows - offset);
    const body = await inBlocks(result.page(offset, rows).body);
    pages.push({ rows, body, gzipBody: await inBlocks(gzipBody(body, GZIP_LEVEL)) });
  }
  return {
    objectName: result.objectName,
    totalRows: result.totalRows,
    csvBytes: pages.reduce((sum, { body }) => sum + byteCount(body), 0),
    gzipBytes: pages.reduce((sum, page) => sum + byteCount(page.gzipBody), 0),
    page: (fromRow, rows): ResultPage => {
      const page = fromRow % pageRows === 0 ? pages[fromRow / pageRows] : undefined;
      return page?.rows === rows ? page : result.page(fromRow, rows);
    },
    [Symbol.dispose]: () => result[Symbol.dispose](),
  };
}

async function inBlocks(body: Body): Promise<readonly Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < BLOCK_BYTES) continue;
    blocks.push(Buffer.concat(chunks));
    [chunks, bytes] = [[], 0];
    // Rendering is long work in one go; whoever waits for the process may look in between.
    await setImmediate();
  }
  return bytes === 0 ? blocks : [...blocks, Buffer.concat(chunks)];
}

function byteCount(blocks: readonly Uint8Array[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}
