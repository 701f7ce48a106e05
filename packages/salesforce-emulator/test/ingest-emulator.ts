import { createOrg, type Emulator, type EmulatorOptions, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';
import { columnOf } from './query-rows.ts';

const NOW_MS = Date.UTC(2026, 2, 2, 10);

export const INSERT = { object: 'Thing__c', operation: 'insert' };

/** An emulator with an object to load, and a client of it. */
export interface IngestScene extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly client: Client;
  /** Every `Name` of the object, sorted. */
  readonly names: () => readonly unknown[];
}

export async function ingestScene(options: EmulatorOptions = {}): Promise<IngestScene> {
  const fields = {
    Key__c: { type: 'string', length: 40, externalId: true, unique: true },
    Amount__c: { type: 'currency' },
  } as const;
  const org = createOrg({ objects: { Thing__c: { fields }, Refused__c: { bulk: false } } });
  const emulator = await startEmulator({ org, clock: { startMs: NOW_MS, frozen: true }, ...options });
  const client = await connect(emulator);
  return {
    emulator,
    client,
    names: () => columnOf(org, 'SELECT Name FROM Thing__c'),
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      org[Symbol.dispose]();
    },
  };
}

/** Rows named N0, N1 and so on. */
export function csvOf(rows: number): string {
  return `Name\n${Array.from({ length: rows }, (_, index) => `N${index}\n`).join('')}`;
}

/** Status and first error of a refusal. */
export async function errorOf(answer: Response | Promise<Response>): Promise<object> {
  const response = await answer;
  const [error] = await jsonOf<readonly object[]>(response);
  return { status: response.status, ...error };
}
