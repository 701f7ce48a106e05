import { parseJson } from '../http/json-text.ts';
import { type JsonValue, withBody } from '../http/reply.ts';
import type { FaultAction } from './fault-action.ts';

/** A JSON body says something else. */
export function changeJson(change: (value: unknown) => JsonValue): FaultAction {
  return {
    after: async (reply) => {
      const chunks = await Array.fromAsync(reply.body ?? []);
      const value = change(parseJson(Buffer.concat(chunks).toString('utf8')));
      return withBody(reply, [Buffer.from(JSON.stringify(value))]);
    },
  };
}

/** A complete job says it has that many rows, or with `null` nothing about it. */
export function claimRecordsProcessed(rows: number | null): FaultAction {
  return changeJson((value) => {
    if (typeof value !== 'object' || value === null) return {};
    if (!('state' in value) || value.state !== 'JobComplete') return value;
    const entries = Object.entries(value).filter(([key]) => key !== 'numberRecordsProcessed');
    return Object.fromEntries(rows === null ? entries : [...entries, ['numberRecordsProcessed', rows]]);
  });
}
