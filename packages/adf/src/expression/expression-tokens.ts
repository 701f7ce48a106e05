import type { SluiceError } from '@sluice/core';

import { type ExpressionSource, expressionFault } from './expression-fault.ts';

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'symbol' | 'end';
  /** As written, except of a text: its value, doubled quotes resolved. */
  readonly text: string;
  readonly offset: number;
  readonly end: number;
}

const SPACE = /[\s\uFEFF]*/y;
const NAME = /[\p{L}_$][\p{L}\p{N}\p{M}_$]*/uy;
const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_$.])/uy;
const SYMBOLS = ['?.', '?[', '(', ')', '[', ']', ',', '.', '}'];

const HINTS: Readonly<Record<string, string>> = {
  '"': "Texts stand in single quotes; a quote within one is doubled: 'it''s'.",
  '@': 'Only the start of an expression has an @; an expression within a text is written @{…}.',
  '-': "A name with a hyphen is selected in brackets: ['my-name'].",
  '{': 'Objects are written as json(\'{ "name": 1 }\').',
};

/** Reads the tokens of an expression one by one, so that reading can stop at the `}` that ends it. */
export class ExpressionTokens {
  readonly source: ExpressionSource;
  #offset: number;
  #next: Token | undefined;

  constructor(source: ExpressionSource, offset: number) {
    this.source = source;
    this.#offset = offset;
  }

  peek(): Token {
    this.#next ??= this.#read();
    return this.#next;
  }

  next(): Token {
    const token = this.peek();
    this.#offset = token.end;
    this.#next = undefined;
    return token;
  }

  at(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** Takes the symbol when it is next. */
  take(symbol: string): boolean {
    const isNext = this.at(symbol);
    if (isNext) this.next();
    return isNext;
  }

  fault(message: string, offset: number, hint?: string): SluiceError {
    return expressionFault('EXPRESSION_INVALID', this.source, offset, message, { hint });
  }

  /** Says what stands there instead; a text is not quoted. */
  expected(what: string, hint?: string): SluiceError {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end' : token.kind === 'text' ? 'a text' : JSON.stringify(token.text);
    return this.fault(`expected ${what}, found ${found}`, token.offset, hint);
  }

  #read(): Token {
    const { text } = this.source;
    SPACE.lastIndex = this.#offset;
    SPACE.test(text);
    const offset = SPACE.lastIndex;
    if (offset >= text.length) return { kind: 'end', text: '', offset, end: offset };
    if (text[offset] === "'") return this.#readText(offset);
    for (const [kind, pattern] of [
      ['name', NAME],
      ['number', NUMBER],
    ] as const) {
      pattern.lastIndex = offset;
      const match = pattern.exec(text)?.[0];
      if (match !== undefined) return { kind, text: match, offset, end: offset + match.length };
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, offset));
    if (symbol !== undefined) return { kind: 'symbol', text: symbol, offset, end: offset + symbol.length };
    const char = String.fromCodePoint(text.codePointAt(offset)!);
    throw this.fault(`unexpected ${JSON.stringify(char)}`, offset, HINTS[char]);
  }

  #readText(offset: number): Token {
    const { text } = this.source;
    let value = '';
    let from = offset + 1;
    for (;;) {
      const quote = text.indexOf("'", from);
      if (quote < 0) throw this.fault('the text that begins here has no closing quote', offset);
      value += text.slice(from, quote);
      if (text[quote + 1] !== "'") return { kind: 'text', text: value, offset, end: quote + 1 };
      value += "'";
      from = quote + 2;
    }
  }
}
