import type { SoqlFault } from '../org/org.ts';
import { faultAt } from './fault-at.ts';
import { type Token, tokenize } from './soql-lexer.ts';

const DEEPEST = 100;

/** A cursor over the tokens of a statement. */
export class TokenReader {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  /** The token `ahead` places on; at the end of the statement, its last. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Whether the next tokens are these words or symbols, ignoring case. */
  at(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead);
      return (token.kind === 'word' || token.kind === 'symbol') && token.text.toUpperCase() === text;
    });
  }

  /** Takes the next tokens when they are these, else takes nothing. */
  take(...texts: readonly string[]): boolean {
    if (!this.at(...texts)) return false;
    this.#index += texts.length;
    return true;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.take(text)) throw this.unexpected();
  }

  word(): Token {
    if (this.peek().kind !== 'word') throw this.unexpected();
    return this.next();
  }

  /** The number that follows, an integer not below zero. */
  count(): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d{1,10}$/.test(token.text)) throw this.unexpected();
    return Number(this.next().text);
  }

  unexpected(token: Token = this.peek()): SoqlFault {
    const text = token.kind === 'end' ? '<EOF>' : token.text;
    return faultAt(this.source, token.offset, 'MALFORMED_QUERY', `unexpected token: '${text}'`);
  }

  malformed(offset: number, message: string): SoqlFault {
    return faultAt(this.source, offset, 'MALFORMED_QUERY', message);
  }

  /** Runs one level of a recursive rule; a statement nested too deeply is a fault, not an overflow. */
  nested<Result>(rule: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.malformed(this.peek().offset, 'the statement is nested too deeply');
    const result = rule();
    this.#depth -= 1;
    return result;
  }
}
