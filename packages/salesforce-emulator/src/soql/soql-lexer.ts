import { faultAt } from './fault-at.ts';

export type TokenKind = 'word' | 'string' | 'number' | 'date' | 'datetime' | 'time' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; the empty text at the end of the statement. */
  readonly text: string;
  readonly offset: number;
  /** Of a string: its value, escapes resolved. */
  readonly value: string;
  /** Of a string: the value as a LIKE pattern, where `\` escapes `%`, `_` and itself. */
  readonly pattern: string;
}

const SPACE = /[\s\uFEFF]+/y;
const SYMBOLS = ['!=', '<>', '<=', '>=', '=', '<', '>', '(', ')', ',', '.', ':'];

/** Tried in order: a date-time begins as a date does, and a date as a number. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})(?![\w:.])/iy],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w:.-])/y],
  ['time', /\d{2}:\d{2}:\d{2}(?:\.\d+)?Z(?!\w)/iy],
  ['number', /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w:.-])/iy],
  ['word', /[A-Za-z_]\w*/y],
];

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '%': '%',
  _: '_',
};

/** @throws {SoqlFault} `MALFORMED_QUERY` at a character that begins no token, or a string without an end. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = skipSpace(source, 0);
  while (offset < source.length) {
    const token = source[offset] === "'" ? stringToken(source, offset) : plainToken(source, offset);
    tokens.push(token);
    offset = skipSpace(source, offset + token.text.length);
  }
  tokens.push({ kind: 'end', text: '', offset: source.length, value: '', pattern: '' });
  return tokens;
}

function skipSpace(source: string, offset: number): number {
  SPACE.lastIndex = offset;
  return SPACE.test(source) ? SPACE.lastIndex : offset;
}

function plainToken(source: string, offset: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { kind, text, offset, value: '', pattern: '' };
  }
  const symbol = SYMBOLS.find((text) => source.startsWith(text, offset));
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, offset, value: '', pattern: '' };
  const char = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  throw faultAt(source, offset, 'MALFORMED_QUERY', `unexpected token: '${char}'`);
}

function stringToken(source: string, start: number): Token {
  let value = '';
  let pattern = '';
  let offset = start + 1;
  for (;;) {
    const char = source[offset];
    if (char === undefined) {
      throw faultAt(source, start, 'MALFORMED_QUERY', 'the string that begins here has no closing quote');
    }
    offset += 1;
    if (char === "'") return { kind: 'string', text: source.slice(start, offset), offset: start, value, pattern };
    if (char !== '\\') {
      value += char;
      pattern += char;
      continue;
    }
    const escape = readEscape(source, offset);
    if (escape === undefined) throw faultAt(source, offset - 1, 'MALFORMED_QUERY', 'invalid escape in a string');
    offset += escape.length;
    value += escape.char;
    pattern += '%_\\'.includes(escape.char) ? `\\${escape.char}` : escape.char;
  }
}

function readEscape(source: string, offset: number): { readonly char: string; readonly length: number } | undefined {
  const letter = source[offset] ?? '';
  if (letter === 'u' || letter === 'U') {
    const hex = /^[0-9a-f]{4}/i.exec(source.slice(offset + 1, offset + 5))?.[0];
    return hex === undefined ? undefined : { char: String.fromCharCode(Number.parseInt(hex, 16)), length: 5 };
  }
  const char = ESCAPES[letter] ?? ESCAPES[letter.toLowerCase()];
  return char === undefined ? undefined : { char, length: 1 };
}
