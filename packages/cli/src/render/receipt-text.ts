import type { Change, LeftBehind, Note, Receipt, RejectGroup } from '@sluice/core';

import { bytesText, countText, durationText, plural } from './quantity-text.ts';
import { tableLines } from './table-text.ts';

/** The ends of a run in words that say more than the names of the plugins. */
export interface EndNames {
  readonly from: string;
  readonly to: string;
}

/** Of a section. */
const MAX_LINES = 20;

/** What a run did, for people. */
export function receiptLines(receipt: Receipt, names?: EndNames): readonly string[] {
  const { id, source, sink, startedMs, endedMs, rejects, inDoubt, changes, notes, leftBehind } = receipt;
  return [
    `run ${id} is committed`,
    ...tableLines(
      [
        ['from', names?.from ?? source],
        ['to', names?.to ?? sink],
        ['rows', balanceText(receipt)],
        ['data', dataText(receipt)],
        ['time', durationText(endedMs - startedMs)],
        ['API calls', callsText(receipt)],
      ],
      '  ',
    ),
    ...section('altered values', changes.map(changeLine)),
    ...section('rejected rows', rejects.map(rejectLine)),
    ...section('rows in doubt: nobody can say whether they were written', inDoubt.map(doubtLine)),
    ...section('notes', noteLines(notes)),
    ...leftBehindLines(leftBehind),
  ];
}

export function noteLines(notes: readonly Note[]): readonly string[] {
  return notes.map(({ code, message }) => `${code}: ${message}`);
}

export function leftBehindLines(leftBehind: readonly LeftBehind[]): readonly string[] {
  return section(
    'left behind',
    leftBehind.map(
      ({ kind, id, reason, hint }) => `${kind} ${id}: ${reason}${hint === undefined ? '' : `\n    ${hint}`}`,
    ),
  );
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MAX_LINES;
  return [
    title,
    ...lines.slice(0, MAX_LINES).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${countText(more)} more, which --output json lists`] : []),
  ];
}

function balanceText({ readRows, writtenRows, rejectedRows, inDoubtRows, retriedRows }: Receipt): string {
  const doubt = inDoubtRows === 0 ? '' : ` + ${countText(inDoubtRows)} in doubt`;
  const again = retriedRows === 0 ? '' : `; ${countText(retriedRows)} sent again`;
  return `${countText(readRows)} read = ${countText(writtenRows)} written + ${countText(rejectedRows)} rejected${doubt}${again}`;
}

function dataText({ batchBytes, parts, splits }: Receipt): string {
  return `${bytesText(batchBytes)} in memory, ${plural(parts, 'part')} of ${plural(splits.length, 'split')}`;
}

function callsText({ apiCalls }: Receipt): string {
  const accounts = Object.entries(apiCalls);
  if (accounts.length === 0) return 'none';
  return accounts.map(([account, calls]) => `${countText(calls)} (${account})`).join(', ');
}

function changeLine({ column, change, values }: Change): string {
  return `${column}: ${plural(values, 'value')} ${change}`;
}

function doubtLine({ split, from, to }: Receipt['inDoubt'][number]): string {
  return `rows ${from} to ${to - 1} of split ${split}`;
}

/** Splits and their rows are counted from 0, as in the receipt. */
function rejectLine({ stage, code, message, columns, rows, firstSplit, firstRow, ambiguous }: RejectGroup): string {
  const where = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
  const first = `the first is row ${firstRow} of split ${firstSplit}${ambiguous === true ? ', or one equal to it' : ''}`;
  return `${plural(rows, 'row')}, ${stage}: ${code}${where}: ${message}; ${first}`;
}
