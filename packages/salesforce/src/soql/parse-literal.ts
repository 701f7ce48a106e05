import type { LiteralNode, LiteralType } from './soql-ast.ts';
import type { SoqlReader } from './soql-reader.ts';

/** Tried in order: a date-time begins as a date does, and a date as a number. */
const PATTERNS: readonly (readonly [LiteralType, RegExp])[] = [
  ['text', /'(?:[^'\\]|\\.)*'/sy],
  ['datetime', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)(?!\w)/iy],
  ['date', /\d{4}-\d\d-\d\d(?![\w:-])/y],
  ['time', /\d\d:\d\d:\d\d(?:\.\d+)?Z(?!\w)/iy],
  ['number', /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w:.-])/iy],
  ['boolean', /(?:true|false)(?!\w)/iy],
  ['null', /null(?!\w)/iy],
  ['currency', /[a-z]{3}\d+(?:\.\d+)?(?![\w.])/iy],
  [
    'relativeDate',
    /(?:(?:LAST|NEXT)_N_(?:FISCAL_)?(?:DAYS|WEEKS|MONTHS|QUARTERS|YEARS)|N_(?:FISCAL_)?(?:DAYS|WEEKS|MONTHS|QUARTERS|YEARS)_AGO)\s*:\s*\d+(?!\w)/iy,
  ],
  [
    'relativeDate',
    /(?:YESTERDAY|TODAY|TOMORROW|(?:LAST|THIS|NEXT)_(?:WEEK|MONTH|(?:FISCAL_)?(?:QUARTER|YEAR))|(?:LAST|NEXT)_90_DAYS)(?![\w:])/iy,
  ],
];

const ZONELESS = /\d{4}-\d\d-\d\dT[\d:.]+(?![\w+-])/iy;

/** A value to compare with. */
export function parseLiteral(reader: SoqlReader): LiteralNode {
  const { offset } = reader;
  for (const [type, pattern] of PATTERNS) {
    if (reader.take(pattern) !== undefined) return { kind: 'literal', type, offset };
  }
  throw literalFault(reader);
}

function literalFault(reader: SoqlReader): Error {
  const { offset } = reader;
  if (reader.atSymbol(':')) {
    return reader.fault('a bind variable, which only Apex can fill', { hint: 'Put the value itself into the query.' });
  }
  if (reader.atSymbol("'")) return reader.fault('the text that begins here has no closing quote');
  if (reader.atSymbol('"')) {
    return reader.fault('a text in double quotes', { hint: 'Write texts in single quotes.' });
  }
  if (reader.take(ZONELESS) !== undefined) {
    return reader.fault('a date-time without a time zone', { hint: 'End date-times with Z or an offset.', offset });
  }
  const isWord = reader.peekWord() !== undefined;
  return reader.fault(reader.expected('a value').problem.message, isWord ? { hint: 'Write texts in quotes.' } : {});
}
