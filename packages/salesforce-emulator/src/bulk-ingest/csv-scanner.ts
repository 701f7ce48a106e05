const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What makes a row unreadable as CSV. */
export type CsvFlaw = 'quote' | 'cellTooLong' | 'rowTooLong';

export interface CsvRow {
  /** As sent: neither trimmed nor read. Of a row that is too long, what came before it was. */
  readonly cells: readonly string[];
  readonly flaw: CsvFlaw | undefined;
  /** What ended the row: nothing at the end of the text. */
  readonly lineEnding: 'LF' | 'CRLF' | 'none';
}

export interface CsvBounds {
  readonly cellCharacters: number;
  readonly rowCharacters: number;
}

/**
 * Takes CSV text apart as it comes, a row at a time, holding no more than the row it is in. A line feed outside of quotes
 * ends a row, whatever comes before it. Lines without anything are no rows. White space belongs to a cell, and a quote
 * that neither opens nor closes a whole cell spoils its row.
 */
export class CsvScanner {
  readonly #delimiter: number;
  readonly #bounds: CsvBounds;
  #place: 'start' | 'plain' | 'quoted' | 'afterQuote' = 'start';
  #cells: string[] = [];
  #cell = '';
  #rowCharacters = 0;
  #flaw: CsvFlaw | undefined;
  /** The character before this one was a carriage return outside of quotes, not in the cell yet. */
  #isReturn = false;
  #isEmptyLine = true;

  constructor(delimiter: string, bounds: CsvBounds) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#bounds = bounds;
  }

  /** The rows that end in this text. */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let from = 0;
    let index = 0;
    while (index < text.length) {
      if (this.#place === 'quoted') {
        const at = text.indexOf('"', index);
        const end = at === -1 ? text.length : at;
        this.#append(text, from, end);
        index = from = end + 1;
        if (at !== -1) this.#place = 'afterQuote';
        continue;
      }
      const code = text.charCodeAt(index);
      if (this.#isReturn && code !== LINE_FEED) this.#keepReturn();
      if (code === LINE_FEED || code === this.#delimiter) {
        this.#append(text, from, index);
        if (code === LINE_FEED) this.#endRow(rows, this.#isReturn ? 'CRLF' : 'LF');
        else this.#endCell();
        from = index + 1;
      } else if (code === CARRIAGE_RETURN) {
        this.#append(text, from, index);
        this.#isReturn = true;
        from = index + 1;
      } else if (code === QUOTE) {
        this.#append(text, from, index);
        from = this.#quote() ? index + 1 : index;
      } else if (this.#place !== 'plain') {
        if (this.#place === 'afterQuote') this.#flaw ??= 'quote';
        this.#place = 'plain';
      }
      index += 1;
    }
    if (from < text.length) this.#append(text, from, text.length);
    return rows;
  }

  /** The row that the end of the text ends. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.#isReturn) this.#keepReturn();
    if (this.#place === 'quoted') this.#flaw ??= 'quote';
    this.#endRow(rows, 'none');
    return rows;
  }

  /** Whether the quote is syntax: it opens or closes a cell, or is the second of an escaped pair, whose first is kept. */
  #quote(): boolean {
    if (this.#place === 'start') {
      this.#place = 'quoted';
      this.#isEmptyLine = false;
      return true;
    }
    if (this.#place === 'afterQuote') {
      this.#place = 'quoted';
      return false;
    }
    this.#flaw ??= 'quote';
    return false;
  }

  #keepReturn(): void {
    this.#isReturn = false;
    if (this.#place === 'afterQuote') this.#flaw ??= 'quote';
    this.#place = 'plain';
    this.#append('\r', 0, 1);
  }

  #append(text: string, from: number, to: number): void {
    if (to <= from) return;
    this.#isEmptyLine = false;
    this.#rowCharacters += to - from;
    if (this.#rowCharacters > this.#bounds.rowCharacters) this.#flaw = 'rowTooLong';
    else this.#cell += text.slice(from, to);
  }

  #endCell(): void {
    this.#isEmptyLine = false;
    if (this.#cell.length > this.#bounds.cellCharacters) this.#flaw ??= 'cellTooLong';
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#place = 'start';
  }

  #endRow(rows: CsvRow[], lineEnding: CsvRow['lineEnding']): void {
    if (!this.#isEmptyLine) {
      this.#endCell();
      rows.push({ cells: this.#cells, flaw: this.#flaw, lineEnding });
    }
    this.#cells = [];
    this.#place = 'start';
    this.#flaw = undefined;
    this.#rowCharacters = 0;
    this.#isReturn = false;
    this.#isEmptyLine = true;
  }
}
