import type { TextDialect } from './text-dialect.ts';

/** Turns text of any dialect into CSV as RFC 4180 has it, chunk by chunk: every cell in quotes but those that are null. */
export class PlainText {
  readonly #dialect: TextDialect;
  readonly #lookAhead: number;
  #rest = '';
  #cell = '';
  #cells = 0;
  #isQuoted = false;
  /** Whether the cell had quotes, so that it is one even when it is empty. */
  #wasQuoted = false;

  constructor(dialect: TextDialect) {
    this.#dialect = dialect;
    this.#lookAhead = Math.max(dialect.delimiter.length, dialect.lineEnd?.length ?? 2, 2);
  }

  write(text: string): string {
    return this.#take(this.#rest + text, false);
  }

  /** The last row may lack its line end. */
  end(): string {
    const out = this.#take(this.#rest, true);
    return this.#cells === 0 && this.#cell === '' && !this.#wasQuoted ? out : out + this.#endCell() + this.#endRow();
  }

  #take(text: string, isEnd: boolean): string {
    const { delimiter, quote, escape } = this.#dialect;
    const last = isEnd ? text.length : text.length - this.#lookAhead + 1;
    let out = '';
    let at = 0;
    while (at < last) {
      const character = text[at]!;
      const next = text[at + 1];
      if (this.#isQuoted) {
        if (character === escape && (next === quote || (next === escape && escape !== quote))) {
          this.#cell += next;
          at += 2;
        } else {
          if (character === quote) this.#isQuoted = false;
          else this.#cell += character;
          at++;
        }
        continue;
      }
      const lineEnd = this.#lineEndAt(text, at);
      if (character === quote && quote !== '' && this.#cell === '' && !this.#wasQuoted) {
        this.#isQuoted = true;
        this.#wasQuoted = true;
        at++;
      } else if (quote === '' && escape !== '' && character === escape && next !== undefined) {
        this.#cell += next;
        at += 2;
      } else if (text.startsWith(delimiter, at)) {
        out += this.#endCell();
        at += delimiter.length;
      } else if (lineEnd > 0) {
        out += this.#endCell() + this.#endRow();
        at += lineEnd;
      } else {
        this.#cell += character;
        at++;
      }
    }
    this.#rest = text.slice(at);
    return out;
  }

  /** Its length; 0 where there is none. */
  #lineEndAt(text: string, at: number): number {
    const { lineEnd } = this.#dialect;
    if (lineEnd !== undefined) return text.startsWith(lineEnd, at) ? lineEnd.length : 0;
    if (text[at] === '\n') return 1;
    if (text[at] !== '\r') return 0;
    return text[at + 1] === '\n' ? 2 : 1;
  }

  #endCell(): string {
    const { nullText, quotedNulls } = this.#dialect;
    const isNull = this.#cell === nullText && (quotedNulls || !this.#wasQuoted);
    const cell = `${this.#cells === 0 ? '' : ','}${isNull ? '' : `"${this.#cell.replaceAll('"', '""')}"`}`;
    this.#cell = '';
    this.#wasQuoted = false;
    this.#cells++;
    return cell;
  }

  #endRow(): string {
    this.#cells = 0;
    return '\n';
  }
}
