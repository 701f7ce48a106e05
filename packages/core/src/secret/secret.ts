const BRAND: unique symbol = Symbol.for('@sluice/core/Secret');
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

const REDACTED = '[secret]';

/** A text that does not show when it is printed, inspected, spread, cloned or written as JSON; only `reveal` gives it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that sends it on. Do not keep it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [INSPECT](): string {
    return REDACTED;
  }

  /** On the prototype, so that a copy of the properties does not pass for a secret. */
  get [BRAND](): true {
    return true;
  }

  /** Works across two installed copies of this package, where `instanceof` does not. */
  static is(value: unknown): value is Secret {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
