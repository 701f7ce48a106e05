import { describe, expect, it } from 'vitest';

import {
  createOrg,
  drawFaults,
  type Emulator,
  FAULT_CATALOGUE,
  type LoggedRequest,
  REQUEST_KINDS,
  scheduledFault,
  startEmulator,
} from '../src/index.ts';
import { connect, runJob } from './emulator-client.ts';

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

    expect(ids.length).toBeGreaterThan(90);
    expect(new Set(ids).size).toBe(ids.length);
    expect(FAULT_CATALOGUE.filter(({ on }) => on.length === 0)).toEqual([]);
    expect(new Set(FAULT_CATALOGUE.flatMap(({ on }) => on))).toEqual(new Set(Object.keys(REQUEST_KINDS)));
  });

  it('tells the requests of a reading client apart', async () => {
    using org = createOrg({ objects: { Thing__c: {} }, rows: { Thing__c: [{ Name: 'a' }] } });
    await using emulator = await startEmulator({ org });
    await readingClient(emulator);

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
