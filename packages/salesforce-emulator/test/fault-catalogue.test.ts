import { describe, expect, it } from 'vitest';

import {
  createOrg,
  drawFaults,
  type Emulator,
  FAULT_CATALOGUE,
  type LoggedRequest,
  INGEST_KINDS,
  QUERY_KINDS,
  REQUEST_KINDS,
  scheduledFault,
  startEmulator,
} from '../src/index.ts';
import { connect, runJob } from './emulator-client.ts';
import { openJob, putRows, resultText, setState, settled } from './ingest-client.ts';

/** A client that loads rows, and gives up another job. */
async function writingClient(emulator: Emulator): Promise<void> {
  const client = await connect(emulator);
  const id = await openJob(client, LOAD);
  await putRows(client, id, 'Name\nb\n');
  await setState(client, id, 'UploadComplete');
  await settled(client, id);
  for (const name of ['successfulResults', 'failedResults', 'unprocessedrecords']) await resultText(client, id, name);
  await client.send(`jobs/ingest/${id}`, { method: 'DELETE' });
  await setState(client, await openJob(client, LOAD), 'Aborted');
}

const LOAD = { object: 'Thing__c', operation: 'insert' };

/** A client that reads a result, and cancels another job. */
async function readingClient(emulator: Emulator): Promise<void> {
  const { send, post } = await connect(emulator);
  await send('/services/data/');
  await send('/services/data/v66.0/');
  await send(`query?q=${encodeURIComponent('SELECT Id FROM Thing__c')}`);
  await send('sobjects/Thing__c/describe');
  await send('limits');
  await send('limits/recordCount?sObjects=Thing__c');
  const id = await runJob(await connect(emulator), 'SELECT Id FROM Thing__c');
  await send(`jobs/query/${id}/resultPages`);
  await send(`jobs/query/${id}/results?maxRecords=4`);
  await send(`jobs/query/${id}`, { method: 'DELETE' });
  const other = (await post('jobs/query', { operation: 'query', query: 'SELECT Id FROM Thing__c' })) as { id: string };
  const headers = { 'Content-Type': 'application/json' };
  await send(`jobs/query/${other.id}`, { method: 'PATCH', headers, body: '{"state":"Aborted"}' });
}

describe('the catalogue of faults', () => {
  it('names each fault once, and requests that there are', () => {
    const ids = FAULT_CATALOGUE.map(({ id }) => id);

    expect(ids.length).toBeGreaterThan(110);
    expect(new Set(ids).size).toBe(ids.length);
    expect(FAULT_CATALOGUE.filter(({ on }) => on.length === 0)).toEqual([]);
    expect(new Set(FAULT_CATALOGUE.flatMap(({ on }) => on))).toEqual(new Set(Object.keys(REQUEST_KINDS)));
    expect(new Set<string>([...QUERY_KINDS, ...INGEST_KINDS])).toEqual(new Set(Object.keys(REQUEST_KINDS)));
  });

  it('survives faults only where they can fall', () => {
    for (const { on, survivableOn } of FAULT_CATALOGUE) expect(on).toEqual(expect.arrayContaining([...survivableOn]));
  });

  it('tells the requests of clients that read and load apart', async () => {
    using org = createOrg({ objects: { Thing__c: {} }, rows: { Thing__c: [{ Name: 'a' }] } });
    await using emulator = await startEmulator({ org });
    await readingClient(emulator);
    await writingClient(emulator);

    const kindsOf = (request: LoggedRequest): readonly string[] =>
      Object.entries(REQUEST_KINDS).flatMap(([kind, match]) =>
        emulator.requests.matching(match).includes(request) ? [kind] : [],
      );
    const kinds = emulator.requests.all.map(kindsOf);

    expect(kinds.filter(({ length }) => length !== 1)).toEqual([]);
    expect(new Set(kinds.flat())).toEqual(new Set(Object.keys(REQUEST_KINDS)));
  });
});

describe('a schedule of faults', () => {
  it('is the same for the same seed, and JSON', () => {
    const drawn = drawFaults({ seed: 7, count: 50 });

    expect(drawn).toEqual(drawFaults({ seed: 7, count: 50 }));
    expect(drawn).not.toEqual(drawFaults({ seed: 8, count: 50 }));
    expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
    expect(new Set(drawn.map(({ fault }) => fault)).size).toBeGreaterThan(20);
    expect(drawn.map(scheduledFault)).toHaveLength(50);
  });

  it('refuses faults that are not in the catalogue, and places they cannot fall on', () => {
    expect(() => scheduledFault({ fault: 'earthquake', on: 'page', nth: 1 })).toThrow('no fault "earthquake"');
    expect(() => scheduledFault({ fault: 'login refused', on: 'page', nth: 1 })).toThrow('cannot fall on page');
    expect(() => drawFaults({ seed: 1, count: 1, from: [] })).toThrow('nothing to draw from');
  });
});
