import type { Reject } from '@sluice/core';

import { RETRYABLE_ROW_CODES } from './retryable-codes.ts';

/** What became of a row, as a number of 15 bits. */
export type Outcome = number;

/** Nothing is known yet. */
export const NO_OUTCOME: Outcome = 0;
export const WRITTEN: Outcome = 1;
/** Rejected before it was sent. */
export const NOT_SENT: Outcome = 2;
export const IN_DOUBT: Outcome = 3;
const FIRST_REJECT = 4;

/** Fewer than 15 bits can tell apart, less one for each code there may be. */
const MAX_OUTCOMES = 30_000;
const MAX_CHARACTERS = 2_000_000;

export type RejectReason = Omit<Reject, 'row' | 'ambiguous'>;

export function isReject(outcome: Outcome): boolean {
  return outcome >= FIRST_REJECT;
}

/**
 * Reasons of rejects, each kept once. Orgs put ids into messages, so that a million failures may come with as many texts:
 * beyond a bound, what is new is kept as its code alone.
 */
export class OutcomeTable {
  readonly #reasons: RejectReason[] = [];
  readonly #byReason = new Map<string, Outcome>();
  readonly #byCode = new Map<string, Outcome>();
  readonly #byText = new Map<string, Outcome>();
  #characters = 0;

  /** Whether another text would be kept as its code alone. */
  get isFull(): boolean {
    return this.#reasons.length >= MAX_OUTCOMES || this.#characters >= MAX_CHARACTERS;
  }

  /** What a text came to before. */
  known(text: string): Outcome | undefined {
    return this.#byText.get(text);
  }

  /** The outcome for a reason, and from now on for the text it was read from. */
  outcomeOf(reason: RejectReason, text?: string): Outcome {
    const { code, message, retryable, columns = [] } = reason;
    const key = JSON.stringify([code, message, retryable, columns]);
    const known = this.#byReason.get(key);
    if (known === undefined && this.isFull) return this.outcomeOfCode(code, retryable);
    const outcome = known ?? FIRST_REJECT + this.#reasons.push(reason) - 1;
    if (known === undefined) {
      this.#byReason.set(key, outcome);
      this.#characters += key.length;
    }
    if (text !== undefined && !this.isFull) {
      this.#byText.set(text, outcome);
      this.#characters += text.length;
    }
    return outcome;
  }

  /** The outcome for a code whose messages are too many. */
  outcomeOfCode(code: string, retryable = RETRYABLE_ROW_CODES.has(code)): Outcome {
    const key = `${code} ${retryable}`;
    let outcome = this.#byCode.get(key);
    if (outcome === undefined) {
      outcome = FIRST_REJECT + this.#reasons.push({ code, message: MANY_MESSAGES, retryable }) - 1;
      this.#byCode.set(key, outcome);
    }
    return outcome;
  }

  /** The outcome of a row that must not go again because a later row with its key has taken effect. */
  overtaken(outcome: Outcome): Outcome {
    const reason = this.reasonOf(outcome);
    return this.outcomeOf({ ...reason, message: `${reason.message} (${OVERTAKEN})`, retryable: false });
  }

  reasonOf(outcome: Outcome): RejectReason {
    const reason = this.#reasons[outcome - FIRST_REJECT];
    if (reason === undefined) throw new TypeError('an outcome that is no reject');
    return reason;
  }
}

const OVERTAKEN = 'not sent again: a later row with its key was';
const MANY_MESSAGES = 'the org gave too many different messages to keep this one';
