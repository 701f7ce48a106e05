import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';

import { createOrg, startEmulator } from '../src/index.ts';
import { connect, logIn } from './emulator-client.ts';
import { openJob, setState, statusOf } from './ingest-client.ts';

// Loads 24 MB of rows that all fail, and prints by how much the memory in use grew at most. Run by a test, in a process
// of its own that collects garbage when it is told to. The client is one that keeps nothing of what it sends and gets.

const ROWS = 240;
const ROW_BYTES = 100_000;

const fields = { Text__c: { type: 'textarea', length: 131_072 }, Number__c: { type: 'double' } } as const;
using org = createOrg({ objects: { Thing__c: { fields } } });
await using emulator = await startEmulator({ org, ingest: { chunksPerPoll: 1, chunkRows: 10 } });
const client = await connect(emulator);
const headers = { Authorization: `Bearer ${await logIn(emulator)}`, 'Content-Type': 'text/csv' };
const id = await openJob(client, { object: 'Thing__c', operation: 'insert' });
const job = `${emulator.url}/services/data/v66.0/jobs/ingest/${id}`;

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const before = usedBytes();
let mostBytes = 0;

function measure(): void {
  mostBytes = Math.max(mostBytes, usedBytes() - before);
}

const upload = request(`${job}/batches`, { method: 'PUT', headers });
upload.write('Number__c,Text__c\n');
for (let row = 0; row < ROWS; row += 1) {
  if (!upload.write(`x,"${'a'.repeat(ROW_BYTES)}"\n`)) await once(upload, 'drain');
  if (row % 80 === 79) measure();
}
const isAnswered = once(upload, 'response');
upload.end();
// The one argument of the event.
const [{ statusCode }] = (await isAnswered) as [IncomingMessage];

await setState(client, id, 'UploadComplete');
let status = await statusOf(client, id);
for (let poll = 1; status.state === 'InProgress'; poll += 1) {
  if (poll % 4 === 0) measure();
  status = await statusOf(client, id);
}
measure();

// The one argument of the event.
const [results] = (await once(get(`${job}/failedResults`, { headers }), 'response')) as [IncomingMessage];
let resultBytes = 0;
// Without an encoding set, a response yields buffers.
for await (const chunk of results as AsyncIterable<Uint8Array>) resultBytes += chunk.length;
const { state, numberRecordsFailed } = status;
process.stdout.write(JSON.stringify({ statusCode, state, numberRecordsFailed, resultBytes, mostBytes }));
