import * as z from 'zod';

import type { CsvDialect } from '../bulk-query/csv-dialect.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { IncomingRequest } from '../http/incoming-request.ts';
import { parseJsonBody, readJsonBody } from '../http/json-body.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import { multipartBoundary, parseMultipart } from './multipart-body.ts';

const INGEST_OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type IngestOperation = (typeof INGEST_OPERATIONS)[number];

/** Of the CSV text of a request that creates, uploads and closes in one. */
const MOST_MULTIPART_CHARACTERS = 100_000;

const createBody = z.strictObject({
  object: z.string().min(1),
  operation: z.enum(INGEST_OPERATIONS),
  externalIdFieldName: z.string().min(1).optional(),
  assignmentRuleId: z.string().min(1).optional(),
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: z.enum(['BACKQUOTE', 'CARET', 'COMMA', 'PIPE', 'SEMICOLON', 'TAB']).default('COMMA'),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});

const stateBody = z.strictObject({ state: z.enum(['UploadComplete', 'Aborted']) });

/** What an ingest job was created with. */
export interface IngestRequest extends CsvDialect {
  /** As the request spells it. */
  readonly object: string;
  readonly operation: IngestOperation;
  readonly externalIdFieldName: string | undefined;
  readonly assignmentRuleId: string | undefined;
  /** As in the path, without the `v`. */
  readonly version: string;
}

export interface IngestCreation {
  readonly request: IngestRequest;
  /** The rows, when they come with the request and the job is closed by it. */
  readonly content: string | undefined;
}

/** @throws {ApiFault} 400 or 415. */
export async function parseIngestCreation(request: IncomingRequest, version: string): Promise<IngestCreation> {
  const boundary = multipartBoundary(request.headers['content-type']);
  if (boundary === undefined) {
    return { request: ingestRequest(await readJsonBody(request, createBody), version), content: undefined };
  }
  const parts = parseMultipart(await request.text(), boundary);
  const [job, content] = [parts.get('job'), parts.get('content')];
  if (job === undefined || content === undefined) {
    throw new UnverifiedFault('badBody', 'The parts job and content are required');
  }
  if (content.length > MOST_MULTIPART_CHARACTERS) throw new UnverifiedFault('oversizeMultipart');
  return { request: ingestRequest(parseJsonBody(job, createBody), version), content };
}

/** @throws {ApiFault} unless the body asks for one of the two states and nothing else. */
export async function parseIngestState(request: IncomingRequest): Promise<'UploadComplete' | 'Aborted'> {
  return (await readJsonBody(request, stateBody)).state;
}

/** @throws {ApiFault} 415 unless the request brings CSV as it is. */
export function requireCsvUpload({ headers }: IncomingRequest): void {
  if (!/^text\/csv\b/i.test(headers['content-type'] ?? '')) {
    throw new ApiFault(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be text/csv');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new UnverifiedFault('encodedUpload');
}

function ingestRequest({ contentType: _, ...body }: z.output<typeof createBody>, version: string): IngestRequest {
  const { externalIdFieldName, assignmentRuleId, ...others } = body;
  return { ...others, externalIdFieldName, assignmentRuleId, version };
}
