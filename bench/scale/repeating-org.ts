import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { request } from 'undici';

export interface RepeatingOrgOptions {
  /** The org in front of which this one is. Its query has one page. */
  readonly url: string;
  /** How often that page comes. */
  readonly pages: number;
}

export interface RepeatingOrg extends AsyncDisposable {
  readonly url: string;
}

interface Page {
  /** Up to the end of the first row's id, and what is behind it. */
  readonly head: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const ID_LENGTH = 18;
/** Of an id, what is another on each page. */
const NUMBER_DIGITS = 8;

const JOB = /\/jobs\/query\/[^/?]+$/;
const RESULTS = /\/jobs\/query\/[^/?]+\/results/;
const RESULT_PAGES = /\/jobs\/query\/[^/?]+\/resultPages/;

/**
 * An org whose query has as many rows as one likes, and which takes the memory of one page: it answers like the org
 * behind it, but for the page, which it gives again and again, each time with another id in the first row.
 */
export async function startRepeatingOrg({ url: target, pages }: RepeatingOrgOptions): Promise<RepeatingOrg> {
  let page: Promise<Page> | undefined;
  let url = '';

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = incoming.url ?? '/';
    if (RESULT_PAGES.test(path)) {
      const results = path.replace(/resultPages.*/, 'results');
      const links = Array.from({ length: pages }, (_, number) => ({ resultUrl: `${results}?locator=${number}` }));
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ resultPages: links, done: true }));
    } else if (RESULTS.test(path)) {
      const number = Number(new URL(path, url).searchParams.get('locator') ?? 0);
      const { head, plain, gzip, headers } = await (page ??= fetchPage(target, path, incoming));
      const zips = incoming.headers['accept-encoding']?.includes('gzip') ?? false;
      for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
      outgoing.setHeader('sforce-locator', number + 1 < pages ? String(number + 1) : 'null');
      if (zips) outgoing.setHeader('content-encoding', 'gzip');
      const first = Buffer.from(`${head}${String(number).padStart(NUMBER_DIGITS, '0')}`);
      // Compressed texts may follow one another.
      outgoing.write(zips ? gzipSync(first) : first);
      outgoing.end(zips ? gzip : plain);
    } else {
      await forward(incoming, outgoing);
    }
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { statusCode, headers, body } = await request(target + incoming.url!, {
      // As the client has it.
      method: incoming.method as 'GET' | 'POST' | 'PATCH' | 'DELETE',
      headers: forwardedHeaders(incoming),
      body: incoming.method === 'GET' || incoming.method === 'DELETE' ? null : incoming,
    });
    const text = (await body.text()).replaceAll(target, url);
    outgoing.statusCode = statusCode;
    if (headers['content-type'] !== undefined) outgoing.setHeader('content-type', headers['content-type']);
    outgoing.end(JOB.test(incoming.url!) && incoming.method === 'GET' ? withRows(text, pages) : text);
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The one page, plain and compressed. */
async function fetchPage(target: string, path: string, incoming: IncomingMessage): Promise<Page> {
  const { authorization = '' } = incoming.headers;
  const page = await request(target + path.replace(/\?.*/, ''), { headers: { authorization } });
  const bytes = Buffer.from(await page.body.arrayBuffer());
  // A header row, and the quote ahead of the id.
  const idEnd = bytes.indexOf('\n') + 2 + ID_LENGTH;
  const plain = bytes.subarray(idEnd);
  const kept = ['content-type', 'sforce-numberofrecords'].map((header) => [header, String(page.headers[header])]);
  return {
    head: bytes.toString('utf8', 0, idEnd - NUMBER_DIGITS),
    plain,
    gzip: gzipSync(plain, { level: 1 }),
    headers: Object.fromEntries(kept),
  };
}

function forwardedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of ['authorization', 'content-type']) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}

/** The state of a job, of as many times the rows. */
function withRows(text: string, pages: number): string {
  // What the emulator says of a job.
  const job = JSON.parse(text) as { numberRecordsProcessed?: number };
  const { numberRecordsProcessed: rows } = job;
  return rows === undefined ? text : JSON.stringify({ ...job, numberRecordsProcessed: rows * pages });
}
