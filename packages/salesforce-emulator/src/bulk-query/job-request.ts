import * as z from 'zod';

import { ApiFault } from '../http/api-fault.ts';
import type { IncomingRequest } from '../http/incoming-request.ts';
import { readJsonBody } from '../http/json-body.ts';
import type { CsvDialect } from './csv-dialect.ts';

const MOST_QUERY_CHARACTERS = 100_000;

const createBody = z.strictObject({
  operation: z.enum(['query', 'queryAll']),
  query: z.string().min(1),
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: z.enum(['BACKQUOTE', 'CARET', 'COMMA', 'PIPE', 'SEMICOLON', 'TAB']).default('COMMA'),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});

const abortBody = z.strictObject({ state: z.literal('Aborted') });

/** What a query job was created with. */
export interface JobRequest extends CsvDialect {
  readonly operation: 'query' | 'queryAll';
  readonly soql: string;
  /** As in the path, without the `v`. */
  readonly version: string;
}

/** @throws {ApiFault} 400 or 415. */
export async function parseJobRequest(request: IncomingRequest, version: string): Promise<JobRequest> {
  const { operation, query, columnDelimiter, lineEnding } = await readJsonBody(request, createBody);
  if (query.length > MOST_QUERY_CHARACTERS) {
    throw new ApiFault(
      400,
      'MALFORMED_QUERY',
      `SOQL statements cannot be longer than ${MOST_QUERY_CHARACTERS} characters`,
    );
  }
  return { operation, soql: query, columnDelimiter, lineEnding, version };
}

/** @throws {ApiFault} unless the body asks for `Aborted` and nothing else. */
export async function parseAbort(request: IncomingRequest): Promise<void> {
  await readJsonBody(request, abortBody);
}
