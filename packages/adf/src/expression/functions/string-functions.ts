import { randomUUID } from 'node:crypto';

import type { FunctionCall, Reader } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { didYouMean } from '../nearest-name.ts';
import { textOf } from '../value-text.ts';

/** White space as .NET trims it. */
const SPACE = /[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;

export const STRING_FUNCTIONS: readonly FunctionDefinition[] = [
  // One text is enough for the service, though two are documented; what is no text is written as by string().
  defineFunction('concat', 'text1, ...text', (call) => {
    const texts = call.values().map(textOf);
    call.requireTextChars(texts.reduce((chars, text) => chars + text.length, 0));
    return texts.join('');
  }),
  defineFunction('startsWith', 'text, searchText', (call) => {
    return foldCase(call.text(0)).startsWith(foldCase(call.text(1)));
  }),
  defineFunction('endsWith', 'text, searchText', (call) => foldCase(call.text(0)).endsWith(foldCase(call.text(1)))),
  defineFunction('indexOf', 'text, searchText', (call) => foldCase(call.text(0)).indexOf(foldCase(call.text(1)))),
  defineFunction('lastIndexOf', 'text, searchText', (call) => {
    return foldCase(call.text(0)).lastIndexOf(foldCase(call.text(1)));
  }),
  defineFunction('replace', 'text, oldText, newText', replace),
  // Without a delimiter nothing is split.
  defineFunction('split', 'text, delimiter', (call) => {
    const text = call.text(0);
    const delimiter = call.text(1);
    return delimiter === '' ? [text] : text.split(delimiter);
  }),
  defineFunction('substring', 'text, startIndex, length?', substring),
  defineFunction('toLower', 'text', (call) => mapChars(call.text(0), (char) => char.toLowerCase())),
  defineFunction('toUpper', 'text', (call) => mapChars(call.text(0), (char) => char.toUpperCase())),
  defineFunction('trim', 'text', (call) => trim(call.text(0))),
  defineFunction('guid', 'guidFormat?', (call) => {
    const format = call.count === 0 ? GUID_FORMATS['D']! : call.read(0, readGuidFormat);
    return format((call.context.newGuid ?? randomUUID)().toLowerCase());
  }),
];

function replace(call: FunctionCall): string {
  const [text, oldText, newText] = [call.text(0), call.text(1), call.text(2)];
  if (oldText === '') throw call.fail('must not be empty', 1);
  if (newText.length > oldText.length) {
    const found = text.split(oldText).length - 1;
    call.requireTextChars(text.length + found * (newText.length - oldText.length));
  }
  return text.replaceAll(oldText, () => newText);
}

function substring(call: FunctionCall): string {
  const text = call.text(0);
  const start = call.size(1);
  if (start > text.length) throw call.fail(`is beyond the end: the text has ${text.length} characters`, 1);
  if (call.count === 2) return text.slice(start);
  const length = call.size(2);
  if (start + length > text.length) {
    throw call.fail(`is too large: ${text.length - start} characters are left from there`, 2);
  }
  return text.slice(start, start + length);
}

/** For comparing without regard to case, place by place. */
function foldCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  // Some letters become two in upper case; those stay, so that places remain.
  return mapChars(text, (char) => char.toUpperCase());
}

/** Letters that would become several, or end up with another length, stay as they are. */
function mapChars(text: string, map: (char: string) => string): string {
  return Array.from(text, (char) => {
    const mapped = map(char);
    return mapped.length === char.length ? mapped : char;
  }).join('');
}

function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start]!)) start++;
  while (end > start && SPACE.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const GUID_FORMATS: Readonly<Record<string, (guid: string) => string>> = {
  D: (guid) => guid,
  N: (guid) => guid.replaceAll('-', ''),
  B: (guid) => `{${guid}}`,
  P: (guid) => `(${guid})`,
  X: (guid) => {
    const digits = guid.replaceAll('-', '');
    const bytes = digits.slice(16).replace(/../g, (byte) => `0x${byte},`);
    return `{0x${digits.slice(0, 8)},0x${digits.slice(8, 12)},0x${digits.slice(12, 16)},{${bytes.slice(0, -1)}}}`;
  },
};

/** Without regard to case, as in .NET. */
export const readGuidFormat: Reader<(guid: string) => string> = (text) => {
  const name = text.toUpperCase();
  const value = Object.hasOwn(GUID_FORMATS, name) ? GUID_FORMATS[name] : undefined;
  if (value !== undefined) return { value };
  return { problem: 'must be one of N, D, B, P and X', hint: didYouMean(name, Object.keys(GUID_FORMATS)) };
};
