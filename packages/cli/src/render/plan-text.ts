import type { Estimate, Json, Plan } from '@sluice/core';
import type { QueryState } from '@sluice/salesforce';
import { DataType, type Field } from 'apache-arrow';

import { bytesText, countText, plural } from './quantity-text.ts';
import { noteLines } from './receipt-text.ts';
import { tableLines } from './table-text.ts';

/** What would be read, for people. */
export function planLines({ state, schema, estimate, notes }: Plan<Json>): readonly string[] {
  return [
    ...tableLines([...(isQuery(state) ? queryFacts(state) : []), ['estimate', estimateText(estimate)]]),
    plural(schema.fields.length, 'column'),
    ...tableLines(
      schema.fields.map((field) => [field.name, typeText(field), field.metadata.get('salesforce:type') ?? '']),
      '  ',
    ),
    ...(notes.length === 0 ? [] : ['notes', ...noteLines(notes).map((line) => `  ${line}`)]),
  ];
}

export function planDocument({ state, schema, estimate, notes }: Plan<Json>): Json {
  return {
    ...(isQuery(state) ? queryMembers(state) : {}),
    columns: schema.fields.map((field) => ({
      name: field.name,
      type: typeText(field),
      nullable: field.nullable,
      metadata: Object.fromEntries(field.metadata),
    })),
    estimate: { ...estimate },
    notes: notes.map((note) => ({ ...note })),
  };
}

function isQuery(state: Json): state is QueryState {
  return typeof state === 'object' && state !== null && 'soql' in state;
}

function queryFacts({ object, operation, soql, apiVersion }: QueryState): readonly (readonly [string, string])[] {
  return [
    ['object', object],
    ['SOQL', soql],
    ['sent as', `${operation}, API version ${apiVersion}`],
  ];
}

function queryMembers({ object, operation, soql, apiVersion, isOrdered, pageRows }: QueryState): {
  [name: string]: Json;
} {
  return { object, operation, soql, apiVersion, isOrdered, pageRows };
}

function estimateText({ rows, bytes, apiCalls }: Estimate): string {
  const known = [
    ...(rows === undefined ? [] : [`about ${plural(rows, 'row')}`]),
    ...(bytes === undefined ? [] : [bytesText(bytes)]),
    ...(apiCalls === undefined ? [] : [`${countText(apiCalls)} API calls`]),
  ];
  return known.length === 0 ? 'unknown' : known.join(', ');
}

/** As Arrow's documentation writes it, which its own texts for decimals do not. */
function typeText({ type }: Field): string {
  return DataType.isDecimal(type) ? `Decimal${type.bitWidth}(${type.precision}, ${type.scale})` : String(type);
}
