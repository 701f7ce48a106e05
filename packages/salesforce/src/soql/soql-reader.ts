import type { QueryProblem } from './query-problem.ts';
import type { NameNode } from './soql-ast.ts';

/** Deeper than any query an org takes, and shallow enough for the call stack. */
const MAX_DEPTH = 64;

const SPACE = /\s*/y;
const WORD = /[A-Za-z_]\w*/y;
/** What to show of the place where reading stopped. */
const SHOWN = /[A-Za-z_]\w*|\d+|'|[^\p{L}\p{N}\s']{1,2}/uy;

/** Carries a problem out of the parser; never leaves it. */
export class SyntaxFault extends Error {
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Reads a query from left to right. Words are compared without case. */
export class SoqlReader {
  readonly #text: string;
  #offset = 0;
  #lastEnd = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#advance(0);
  }

  /** Where the next token begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the token before it ends. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  get atEnd(): boolean {
    return this.#offset === this.#text.length;
  }

  /** Whether these words come next, one after another. */
  atWords(...words: readonly string[]): boolean {
    return this.#behindWords(words) !== undefined;
  }

  takeWords(...words: readonly string[]): boolean {
    const behind = this.#behindWords(words);
    if (behind === undefined) return false;
    this.#advance(behind);
    return true;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) throw this.expected(words.join(' '));
  }

  atSymbol(symbol: string): boolean {
    return this.#text.startsWith(symbol, this.#offset);
  }

  takeSymbol(symbol: string): boolean {
    if (!this.atSymbol(symbol)) return false;
    this.#advance(this.#offset + symbol.length);
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.expected(`\`${symbol}\``);
  }

  /** The next word in upper case, which stays. */
  peekWord(): string | undefined {
    return this.#matchAt(WORD, this.#offset)?.toUpperCase();
  }

  looksAt(pattern: RegExp): boolean {
    return this.#matchAt(pattern, this.#offset) !== undefined;
  }

  takeName(what: string): NameNode {
    const { offset } = this;
    const text = this.take(WORD);
    if (text === undefined) throw this.expected(what);
    return { text, offset };
  }

  /** What a sticky pattern finds at this place. */
  take(pattern: RegExp): string | undefined {
    const text = this.#matchAt(pattern, this.#offset);
    if (text !== undefined) this.#advance(this.#offset + text.length);
    return text;
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (this.#depth === MAX_DEPTH) throw this.fault(`nested more than ${MAX_DEPTH} levels deep`);
    this.#depth += 1;
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  expected(what: string): SyntaxFault {
    return this.fault(`expected ${what}, found ${this.#found()}`);
  }

  fault(message: string, { hint, offset }: { readonly hint?: string; readonly offset?: number } = {}): SyntaxFault {
    return new SyntaxFault({
      code: 'QUERY_INVALID',
      message,
      ...(hint === undefined ? {} : { hint }),
      offset: offset ?? this.#offset,
    });
  }

  /** Without values: of a text only its quote. */
  #found(): string {
    if (this.atEnd) return 'the end';
    const text = this.#matchAt(SHOWN, this.#offset);
    if (text !== undefined && /^\d/.test(text)) return 'a number';
    if (text === "'") return 'a text';
    if (text !== undefined && /^[\x21-\x7E]+$/.test(text)) return `\`${text.slice(0, 80)}\``;
    const codePoint = this.#text.codePointAt(this.#offset) ?? 0;
    return `the character U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  }

  #behindWords(words: readonly string[]): number | undefined {
    let end = this.#offset;
    for (const word of words) {
      const start = this.#behindSpace(end);
      const text = this.#matchAt(WORD, start);
      if (text?.toUpperCase() !== word) return undefined;
      end = start + text.length;
    }
    return end;
  }

  #matchAt(pattern: RegExp, offset: number): string | undefined {
    pattern.lastIndex = offset;
    return pattern.exec(this.#text)?.[0];
  }

  #advance(offset: number): void {
    this.#lastEnd = offset;
    this.#offset = this.#behindSpace(offset);
  }

  #behindSpace(offset: number): number {
    SPACE.lastIndex = offset;
    SPACE.test(this.#text);
    return Math.max(offset, SPACE.lastIndex);
  }
}
