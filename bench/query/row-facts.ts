import { crc32 } from 'node:zlib';

import type { Facts } from '../harness/contender.ts';

const AMOUNT_SCALE = 2;

/** Some columns of a row, as a contender has them. */
export interface FactRow {
  readonly id: string;
  /** Null or empty where the cell is empty. */
  readonly description: string | null;
  /** In any notation. */
  readonly amount: string | null;
  /** Milliseconds since the epoch. */
  readonly startedMs: number | null;
}

/** Adds rows up in any order, exactly. */
export class RowFacts {
  #rows = 0;
  #ids = 0;
  #descriptions = 0;
  #emptyDescriptions = 0;
  #amount = 0n;
  #startedMs = 0n;

  add({ id, description, amount, startedMs }: FactRow): void {
    this.#rows++;
    this.#ids += crc32(id);
    if (description === null || description === '') this.#emptyDescriptions++;
    else this.#descriptions += crc32(description);
    if (amount !== null && amount !== '') this.#amount += unscaled(amount);
    if (startedMs !== null) this.#startedMs += BigInt(startedMs);
  }

  facts(): Facts {
    return {
      rows: this.#rows,
      ids: this.#ids,
      descriptions: this.#descriptions,
      emptyDescriptions: this.#emptyDescriptions,
      amount: this.#amount.toString(),
      startedMs: this.#startedMs.toString(),
    };
  }
}

/** In hundredths, rounded half away from zero as a decimal of that scale is. */
function unscaled(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:E(-?\d+))?$/i.exec(text);
  if (match === null) throw new Error('an amount is no number');
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = AMOUNT_SCALE + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const power = 10n ** BigInt(Math.abs(shift));
  const value = shift >= 0 ? digits * power : (digits + power / 2n) / power;
  return sign === '-' ? -value : value;
}
