import { once } from 'node:events';
import { request } from 'node:http';

import { createOrg, startEmulator } from '../src/index.ts';
import { connect, logIn } from './emulator-client.ts';
import { openJob, setState, settled } from './ingest-client.ts';

// Loads 40 MB of rows that all fail, and prints by how much the memory in use grew at most. Run by a test, in a process
// of its own that collects garbage when it is told to. The client is one that keeps nothing of what it sent.

const ROWS = 400;
const ROW_BYTES = 100_000;

const fields = { Text__c: { type: 'textarea', length: 131_072 }, Number__c: { type: 'double' } } as const;
using org = createOrg({ objects: { Thing__c: { fields } } });
await using emulator = await startEmulator({ org, ingest: { chunksPerPoll: 1, chunkRows: 5 } });
const client = await connect(emulator);
const token = await logIn(emulator);
const id = await openJob(client, { object: 'Thing__c', operation: 'insert' });

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

const upload = request(`${emulator.url}/services/data/v66.0/jobs/ingest/${id}/batches`, {
  method: 'PUT',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' },
});
upload.write('Number__c,Text__c\n');
for (let row = 0; row < ROWS; row += 1) {
  if (!upload.write(`x,"${'a'.repeat(ROW_BYTES)}"\n`)) await once(upload, 'drain');
  if (row % 40 === 0) measure();
}
const isAnswered = once(upload, 'response');
upload.end();
// The one argument of the event.
const [{ statusCode }] = (await isAnswered) as [{ readonly statusCode: number }];

await setState(client, id, 'UploadComplete');
const sampling = setInterval(measure, 50);
const { state, numberRecordsFailed } = await settled(client, id);
const results = await client.send(`jobs/ingest/${id}/failedResults`);
let resultBytes = 0;
for await (const chunk of results.body ?? []) resultBytes += chunk.length;
clearInterval(sampling);
process.stdout.write(JSON.stringify({ statusCode, state, numberRecordsFailed, resultBytes, mostBytes }));
