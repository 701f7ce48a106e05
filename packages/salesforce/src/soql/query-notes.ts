import type { Note } from '@sluice/core';

import { fieldOf } from './field-resolver.ts';
import { usesRelativeDates } from './filter-check.ts';
import type { LeftOutFields } from './object-fields.ts';
import { objectNotes } from './object-verdict.ts';
import type { QueryDraft } from './query-draft.ts';
import type { SelectedColumn } from './select-columns.ts';

/** From about here on, orgs answer QUERY_TOO_COMPLICATED. */
const MANY_FORMULAS = 50;

/** What the user ought to know of a query that can be sent. */
export function queryNotes(draft: QueryDraft, userName: string | undefined): readonly Note[] {
  const { object, query, columns, leftOut, isWhole } = draft;
  const user = userName ?? 'the user';
  const clauses = new Set(query?.clauses.map(({ name }) => name));
  const notes: Note[] = [...objectNotes(object.name, clauses.has('WHERE'))];
  const add = (code: string, message: string): void => {
    notes.push({ code, message });
  };
  if (isWhole) {
    const visible = `${columns.length} fields of ${object.name} are read, as far as ${user} may see fields`;
    add('FIELDS_VISIBLE', `${visible}; field-level security may hide more.`);
  }
  for (const [code, message] of leftOutNotes(leftOut)) add(code, message);
  if (clauses.has('ORDER BY')) add('QUERY_ORDERED', unchunked('ORDER BY'));
  if (clauses.has('LIMIT')) add('QUERY_LIMITED', unchunked('LIMIT'));
  if (query !== undefined && usesRelativeDates(query)) {
    add('RELATIVE_DATES', `Dates such as TODAY are reckoned in the time zone of ${user} when the query job starts.`);
  }
  const masked = columns.filter(({ field }) => field.type === 'encryptedstring');
  if (masked.length > 0) {
    add('FIELDS_MASKED', `${headers(masked)}: masked unless ${user} has the permission View Encrypted Data.`);
  }
  const amounts = columns.filter((column) => isAmountWithoutCode(column, columns));
  if (amounts.length > 0) {
    add('CURRENCY_MISSING', `${headers(amounts)}: amounts in several currencies; select CurrencyIsoCode beside them.`);
  }
  const formulas = columns.filter(({ field }) => field.calculated === true);
  if (formulas.length >= MANY_FORMULAS) {
    const advice = 'leave some out, or split the columns over several queries and join the rows on Id';
    add('MANY_FORMULAS', `${formulas.length} formula fields: if the org finds the query too complicated, ${advice}.`);
  }
  return notes;
}

function leftOutNotes({ compound, base64, structured }: LeftOutFields): readonly (readonly [string, string])[] {
  const notes: (readonly [string, string])[] = [];
  if (compound.length > 0) {
    notes.push(['COMPOUND_FIELDS_LEFT_OUT', `Left out, as their components are read: ${compound.join(', ')}.`]);
  }
  if (base64.length > 0) {
    notes.push(['BASE64_FIELDS_LEFT_OUT', `Left out, as query jobs return no files: ${base64.join(', ')}.`]);
  }
  if (structured.length > 0) {
    notes.push(['FIELDS_LEFT_OUT', `Left out, as they have no form in CSV: ${structured.join(', ')}.`]);
  }
  return notes;
}

function unchunked(clause: string): string {
  return `${clause} switches off chunking by primary key: the org reads the object in one go, which takes longer and may time out.`;
}

/** An amount of an object that has currencies, without the one it is in. Functions convert or name it. */
function isAmountWithoutCode(
  { path, field, functions, siblings }: SelectedColumn,
  columns: readonly SelectedColumn[],
): boolean {
  if (field.type !== 'currency' || functions.length > 0) return false;
  if (fieldOf({ name: '', fields: [...siblings] }, CURRENCY_CODE) === undefined) return false;
  const code = [...path.slice(0, -1), CURRENCY_CODE].join('.').toLowerCase();
  return !columns.some((other) => other.path.join('.').toLowerCase() === code);
}

const CURRENCY_CODE = 'CurrencyIsoCode';

function headers(columns: readonly SelectedColumn[]): string {
  return columns.map(({ header }) => header).join(', ');
}
