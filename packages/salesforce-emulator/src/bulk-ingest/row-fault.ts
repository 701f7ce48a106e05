/** Row errors that Salesforce is known to make, in words that nobody has recorded. */
export const UNVERIFIED_ROW_ERRORS = {
  malformedRow: 'INVALID_FIELD:Failed to parse the CSV row: a quote or white space is out of place:--',
  columnCount: 'INVALID_FIELD:The number of cells of the CSV row is not that of the header row:--',
  cellTooLong: 'STRING_TOO_LONG:A field of the CSV row is longer than 131072 characters:--',
  rowTooLong: 'STRING_TOO_LONG:The CSV row is longer than 400000 characters:--',
  blankExternalId: 'MISSING_ARGUMENT:External ID not specified in an upsert call:--',
} as const satisfies Readonly<Record<string, string>>;

export type UnverifiedRowError = keyof typeof UNVERIFIED_ROW_ERRORS;

/** What an emulator says instead of the defaults. */
export type RowErrorTexts = { readonly [Kind in UnverifiedRowError]?: string | undefined };

/** Why one row is not saved. */
export interface RowRejection {
  readonly statusCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

/** Thrown where a row turns out not to be one that can be saved. */
export class RowFault extends Error {
  override readonly name = 'RowFault';
  /** As the column `sf__Error` shows it. */
  readonly text: string;

  /** The same in its parts: a code up to the first colon, fields from the last one on. */
  get rejection(): RowRejection {
    const [, statusCode = '', message = '', fields = ''] = /^([^:]*):([^]*):([^:]*?) ?--$/.exec(this.text) ?? [];
    return { statusCode, message, fields: fields === '' ? [] : fields.split(',') };
  }

  private constructor(text: string) {
    super('the row is not saved');
    this.text = text;
  }

  static of({ statusCode, message, fields = [] }: RowRejection): RowFault {
    return new RowFault(`${statusCode}:${message}:${fields.join(',')}${fields.length === 0 ? '' : ' '}--`);
  }

  static unverified(kind: UnverifiedRowError, texts: RowErrorTexts): RowFault {
    return new RowFault(texts[kind] ?? UNVERIFIED_ROW_ERRORS[kind]);
  }
}

/** Thrown where the whole job fails; the message is its `errorMessage`. */
export class JobFault extends Error {
  override readonly name = 'JobFault';
}
