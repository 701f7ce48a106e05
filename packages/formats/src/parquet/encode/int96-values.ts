import { SluiceError } from '@sluice/core';
import { TimeUnit } from 'apache-arrow';

import { selectValid } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';
import { PAGE_ROWS, type PageValues } from './page-values.ts';

const JULIAN_DAY_OF_EPOCH = 2_440_588n;
const DAY_NANOS = 86_400_000_000_000n;
const UNIT_NANOS: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1_000_000_000n,
  [TimeUnit.MILLISECOND]: 1_000_000n,
  [TimeUnit.MICROSECOND]: 1_000n,
  [TimeUnit.NANOSECOND]: 1n,
};

const selected = new Int32Array(PAGE_ROWS);

/**
 * Instants the way writers older than the format's own timestamps store them: nanoseconds of the day and the Julian day.
 * No order is defined on them, so there is no range.
 */
export function int96Values(column: string, unit: TimeUnit): PageValues {
  const unitNanos = UNIT_NANOS[unit];
  const page = new GrowingBytes();
  return {
    full: false,
    take({ data, validity }, from, to) {
      const source: BigInt64Array = data.values;
      const count = validity === undefined ? to - from : selectValid(validity, from, to, selected);
      page.reserve(count * 12);
      const view = new DataView(page.bytes.buffer);
      for (let i = 0; i < count; i++, page.length += 12) {
        const nanos = source[validity === undefined ? from + i : selected[i]!]! * unitNanos;
        const nanosOfDay = ((nanos % DAY_NANOS) + DAY_NANOS) % DAY_NANOS;
        const day = (nanos - nanosOfDay) / DAY_NANOS + JULIAN_DAY_OF_EPOCH;
        if (day < 0n || day > 0x7fff_ffffn) throw outOfRange(column);
        view.setBigInt64(page.length, nanosOfDay, true);
        view.setInt32(page.length + 8, Number(day), true);
      }
      return to;
    },
    endPage() {
      const bytes = page.view();
      page.clear();
      return { encoding: 'PLAIN', bytes };
    },
    endChunk: () => ({ minMax: undefined, dictionary: undefined }),
  };
}

function outOfRange(column: string): SluiceError {
  return new SluiceError('VALUE_INVALID', `a value of column ${column} lies beyond what a Julian day can count`);
}
