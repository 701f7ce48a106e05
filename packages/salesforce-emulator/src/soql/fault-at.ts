import { SoqlFault } from '../org/org.ts';

const SNIPPET_CHARS_BEFORE = 60;
const SNIPPET_CHARS_AFTER = 40;

/** A fault that shows the place in the statement: the text around it, a caret below, row and column from 1. */
export function faultAt(source: string, offset: number, errorCode: string, message: string): SoqlFault {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const row = before.split('\n').length;
  const column = offset - lineStart + 1;
  const from = Math.max(lineStart, offset - SNIPPET_CHARS_BEFORE);
  const [line = ''] = source.slice(from, offset + SNIPPET_CHARS_AFTER).split('\n');
  const caret = `${' '.repeat(offset - from)}^`;
  return new SoqlFault(errorCode, `\n${line}\n${caret}\nERROR at Row:${row}:Column:${column}\n${message}`);
}
