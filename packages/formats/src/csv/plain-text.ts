import type { TextDialect } from './text-dialect.ts';

/** `open`: ahead of a cell; `closed`: behind its closing quote; `damaged`: in a row that is none, up to its end. */
type State = 'open' | 'bare' | 'quoted' | 'closed' | 'comment' | 'damaged';

/** A cell without quotes that is longer is not held back. */
const MAX_HELD_LENGTH = 4096;

/**
 * Turns text of any dialect into CSV as RFC 4180 has it, chunk by chunk: every cell in quotes but those that are null.
 *
 * What is wrong in the text is wrong in the same way in what comes of it: text behind a closing quote, a quote inside
 * unquoted text, a quote that never closes. Holds no more than the start of a cell.
 */
export class PlainText {
  readonly #dialect: TextDialect;
  readonly #lookAhead: number;
  /** What may end a stretch of text without quotes, and with. */
  readonly #bareStop: RegExp;
  readonly #quotedStop: RegExp;
  #state: State = 'open';
  /** Not yet told apart. */
  #rest = '';
  /** The cell so far; undefined once some of it is written. */
  #held: string | undefined = '';
  #cells = 0;
  #out = '';
  /** Whether rows end in CR alone, where nobody said what they end in: as the first one does. */
  #endsInCr: boolean | undefined;

  constructor(dialect: TextDialect) {
    const { delimiter, quote, escape, lineEnd, comment } = dialect;
    this.#dialect = dialect;
    this.#lookAhead = Math.max(delimiter.length, lineEnd?.length ?? 2, comment.length, 2);
    this.#bareStop = anyOf(delimiter[0]! + quote + (quote === '' ? escape : '') + (lineEnd?.[0] ?? '\r\n'));
    this.#quotedStop = anyOf(quote + escape);
  }

  write(text: string): string {
    return this.#take(this.#rest + text, false);
  }

  /** The last row may lack its line end. */
  end(): string {
    const out = this.#take(this.#rest, true);
    if (this.#state === 'quoted') this.#flush();
    else if (this.#state !== 'open' || this.#cells > 0) this.#endRow();
    return out + this.#written();
  }

  #take(text: string, isEnd: boolean): string {
    const end = isEnd ? text.length : text.length - this.#lookAhead + 1;
    let at = 0;
    while (at < end) {
      if (this.#state === 'open') at = this.#begin(text, at);
      else if (this.#state === 'quoted') at = this.#takeQuoted(text, at, end);
      else at = this.#takeBare(text, at, end);
    }
    this.#rest = text.slice(at);
    return this.#written();
  }

  #begin(text: string, at: number): number {
    const { comment, quote, quotedNulls } = this.#dialect;
    if (quote !== '' && text[at] === quote) {
      this.#state = 'quoted';
      if (!quotedNulls) this.#flush();
      return at + 1;
    }
    this.#state = comment !== '' && this.#cells === 0 && text.startsWith(comment, at) ? 'comment' : 'bare';
    return at;
  }

  #takeQuoted(text: string, from: number, end: number): number {
    const { quote, escape } = this.#dialect;
    const at = stopAt(this.#quotedStop, text, from, end);
    this.#add(text.slice(from, at));
    if (at === end) return at;
    const next = text[at + 1];
    if (text[at] === escape && (next === quote || (next === escape && escape !== quote))) {
      this.#add(next);
      return at + 2;
    }
    if (text[at] === quote) this.#state = 'closed';
    else this.#add(escape);
    return at + 1;
  }

  #takeBare(text: string, from: number, end: number): number {
    const { delimiter, quote, escape } = this.#dialect;
    const at = stopAt(this.#bareStop, text, from, end);
    if (at > from) this.#addBare(text.slice(from, at));
    if (at === end) return at;
    const isCell = this.#state === 'bare' || this.#state === 'closed';
    if (isCell && text.startsWith(delimiter, at)) {
      this.#endCell();
      return at + delimiter.length;
    }
    const lineEnd = this.#lineEndAt(text, at);
    if (lineEnd > 0) {
      this.#endRow();
      return at + lineEnd;
    }
    if (this.#state === 'bare' && quote === '' && text[at] === escape && at + 1 < text.length) {
      this.#add(text[at + 1]!);
      return at + 2;
    }
    if (this.#state === 'bare' && text[at] === quote) this.#damage();
    else this.#addBare(text[at]!);
    return at + 1;
  }

  #addBare(text: string): void {
    if (this.#state === 'bare') this.#add(text);
    else if (this.#state === 'closed') this.#damage();
  }

  /** Adds to the cell. */
  #add(text: string): void {
    if (this.#held === undefined) {
      this.#out += doubled(text);
      return;
    }
    this.#held += text;
    const { nullText } = this.#dialect;
    const mayBeNull = this.#held.length <= nullText.length;
    if (!mayBeNull && (this.#state === 'quoted' || this.#held.length > MAX_HELD_LENGTH)) this.#flush();
  }

  /** Begins to write the cell. */
  #flush(): void {
    if (this.#held === undefined) return;
    this.#separate();
    this.#out += `"${doubled(this.#held)}`;
    this.#held = undefined;
  }

  #separate(): void {
    if (this.#cells > 0) this.#out += ',';
  }

  #endCell(): void {
    if (this.#held !== this.#dialect.nullText) {
      this.#flush();
      this.#out += '"';
    } else {
      this.#separate();
    }
    this.#cells++;
    this.#open();
  }

  #endRow(): void {
    // Nothing on a line is nothing, whatever stands for null.
    const isBlank = this.#state === 'bare' && this.#cells === 0 && this.#held === '';
    if (this.#state !== 'damaged' && this.#state !== 'comment' && !isBlank) this.#endCell();
    if (this.#state !== 'comment') this.#out += '\n';
    this.#cells = 0;
    this.#open();
  }

  #open(): void {
    this.#state = 'open';
    this.#held = '';
  }

  /** Lets the row end in a cell that is damaged in the same way. */
  #damage(): void {
    if (this.#state === 'bare' && this.#held !== undefined) {
      this.#separate();
      this.#out += 'x"';
    } else {
      this.#flush();
      this.#out += '"x';
    }
    this.#state = 'damaged';
  }

  /** Its length; 0 where there is none. */
  #lineEndAt(text: string, at: number): number {
    const { lineEnd } = this.#dialect;
    if (lineEnd !== undefined) return text.startsWith(lineEnd, at) ? lineEnd.length : 0;
    if (text[at] !== '\n' && text[at] !== '\r') return 0;
    const isAlone = text[at] === '\r' && text[at + 1] !== '\n';
    this.#endsInCr ??= isAlone;
    // Behind the last character of all, an LF is missing.
    if (isAlone) return this.#endsInCr || at + 1 === text.length ? 1 : 0;
    return text[at] === '\r' ? 2 : 1;
  }

  #written(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }
}

/** Where the next of the characters is, or `end`. */
function stopAt(stop: RegExp, text: string, from: number, end: number): number {
  stop.lastIndex = from;
  return Math.min(stop.exec(text)?.index ?? end, end);
}

function anyOf(characters: string): RegExp {
  return new RegExp(`[${characters.replaceAll(/[\\\]^-]/g, String.raw`\$&`)}]`, 'g');
}

function doubled(text: string): string {
  return text.replaceAll('"', '""');
}
