import { parse } from 'csv-parse/sync';

import type { Client } from './emulator-client.ts';

export interface IngestStatus {
  readonly id: string;
  readonly state: string;
  readonly numberRecordsProcessed?: number;
  readonly numberRecordsFailed?: number;
  readonly errorMessage?: string;
}

const OVER = new Set(['JobComplete', 'Failed', 'Aborted']);

/** Creates a job. */
export async function openJob(client: Client, job: object): Promise<string> {
  const { id } = (await client.post('jobs/ingest', job)) as IngestStatus;
  return id;
}

export async function putRows(client: Client, id: string, csv: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'Content-Type': 'text/csv' };
  return await client.send(`jobs/ingest/${id}/batches`, { method: 'PUT', body: csv, headers });
}

export async function setState(client: Client, id: string, state: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return await client.send(`jobs/ingest/${id}`, { method: 'PATCH', body: JSON.stringify({ state }), headers });
}

export async function statusOf(client: Client, id: string): Promise<IngestStatus> {
  return (await client.get(`jobs/ingest/${id}`)) as IngestStatus;
}

/** Polls until the job is over. */
export async function settled(client: Client, id: string): Promise<IngestStatus> {
  for (;;) {
    const status = await statusOf(client, id);
    if (OVER.has(status.state)) return status;
  }
}

/** Creates, uploads and closes a job, and polls until it is over. */
export async function load(client: Client, job: object, csv: string): Promise<IngestStatus> {
  const id = await openJob(client, job);
  await putRows(client, id, csv);
  await setState(client, id, 'UploadComplete');
  return await settled(client, id);
}

export async function resultText(client: Client, id: string, name: string): Promise<string> {
  return await (await client.send(`jobs/ingest/${id}/${name}`)).text();
}

/** The rows of a result file by the names of its header row. */
export async function resultRows(
  client: Client,
  id: string,
  name: 'successfulResults' | 'failedResults' | 'unprocessedrecords',
): Promise<Record<string, string>[]> {
  return parse(await resultText(client, id, name), { columns: true });
}

/** What `sf__Error` says of each row, in the order of a column. */
export async function errorsBy(client: Client, id: string, column: string): Promise<string[]> {
  const rows = await resultRows(client, id, 'failedResults');
  return rows.sort((a, b) => ((a[column] ?? '') < (b[column] ?? '') ? -1 : 1)).map((row) => row['sf__Error'] ?? '');
}
