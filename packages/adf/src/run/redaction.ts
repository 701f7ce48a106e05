import { Secret } from '@sluice/core';

import { type ExpressionObject, type ExpressionValue, isArray } from '../expression/expression-value.ts';

/** What stands where a value is not shown. */
export const HIDDEN = '***';

/** Anything shorter would blank out half of every message, and guards nothing. */
const MIN_SECRET_CHARS = 4;

/** Knows the secrets that were revealed in a run, and takes them out of everything that is shown or kept. */
export class Redaction {
  readonly #texts = new Set<string>();

  /** The text of a secret, which is about to be used. */
  reveal(value: Secret | string): string {
    if (typeof value === 'string') return value;
    const text = value.reveal();
    if (text.length >= MIN_SECRET_CHARS) {
      this.#texts.add(text);
      // As it stands in URLs and in JSON.
      this.#texts.add(encodeURIComponent(text));
      this.#texts.add(JSON.stringify(text).slice(1, -1));
    }
    return text;
  }

  text(text: string): string {
    let shown = text;
    for (const hidden of this.#texts) shown = shown.replaceAll(hidden, HIDDEN);
    return shown;
  }

  /** JSON of a value: secrets are hidden, and integers that JSON's readers would round become texts. */
  json(value: ExpressionValue): ExpressionValue {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Secret.is(value)) return HIDDEN;
    if (isArray(value)) return value.map((item) => this.json(item));
    return this.object(value);
  }

  object(value: ExpressionObject): ExpressionObject {
    const members = Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[this.text(name), this.json(member)] as const],
    );
    return Object.fromEntries(members);
  }
}
