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

/** A complete job says it has that many rows, or with `null` nothing about it; a function is given the true number. */
export function claimRecordsProcessed(rows: ClaimedRows): FaultAction {
  return claimRows('numberRecordsProcessed', rows);
}

/** A complete ingest job says that so many of its rows have failed, in the same ways. */
export function claimRecordsFailed(rows: ClaimedRows): FaultAction {
  return claimRows('numberRecordsFailed', rows);
}

/** A count, none, or one made from the true one. */
export type ClaimedRows = number | null | ((rows: number) => number);

function claimRows(name: string, rows: ClaimedRows): FaultAction {
  return changeJson((value) => {
    if (typeof value !== 'object' || value === null) return {};
    if (!('state' in value) || value.state !== 'JobComplete') return value;
    const entries = Object.entries(value).filter(([key]) => key !== name);
    if (rows === null) return Object.fromEntries(entries);
    const known = Number(Reflect.get(value, name) ?? 0);
    const claimed = typeof rows === 'function' ? rows(known) : rows;
    return Object.fromEntries([...entries, [name, claimed]]);
  });
}
