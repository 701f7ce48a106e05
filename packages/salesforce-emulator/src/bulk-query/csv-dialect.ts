/** Column delimiters by the name a job gives them. */
export const COLUMN_DELIMITERS = {
  COMMA: ',',
  BACKQUOTE: '`',
  CARET: '^',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
} as const;

export const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;

export interface CsvDialect {
  readonly columnDelimiter: keyof typeof COLUMN_DELIMITERS;
  readonly lineEnding: keyof typeof LINE_ENDINGS;
}
