import type { SlotBits } from './chunk-values.ts';
import { wordsOf } from './slot-source.ts';

export interface Stretch {
  /** The first slot. */
  readonly at: number;
  readonly slots: number;
  /** How many of them hold a value. */
  readonly values: number;
  readonly bits: SlotBits;
}

/** Moves values that lie at the beginning of a stretch to the slots that hold them, and clears the others. */
export function spreadSlots(data: Uint8Array, slotBytes: number, stretch: Stretch): void {
  if (slotBytes === 4) spreadUnits(wordsOf(data), 1, stretch);
  else if (slotBytes % 4 === 0) spreadUnits(wordsOf(data), slotBytes / 4, stretch);
  else spreadUnits(data, slotBytes, stretch);
}

function spreadUnits(units: Int32Array | Uint8Array, each: number, { at, slots, values, bits }: Stretch): void {
  const { bitmap, bitFrom } = bits;
  let value = values;
  // From the back, since a value never moves forward. Once all slots left hold one, they are where they belong.
  for (let slot = slots - 1; slot >= value; slot--) {
    const bit = bitFrom + slot;
    const to = (at + slot) * each;
    if (((bitmap[bit >> 3]! >> (bit & 7)) & 1) === 0) {
      for (let i = 0; i < each; i++) units[to + i] = 0;
      continue;
    }
    value--;
    const from = (at + value) * each;
    for (let i = 0; i < each; i++) units[to + i] = units[from + i]!;
  }
}

/** The same for values of one bit. */
export function spreadBits(data: Uint8Array, { at, slots, values, bits }: Stretch): void {
  const { bitmap, bitFrom } = bits;
  let value = values;
  for (let slot = slots - 1; slot >= value; slot--) {
    const bit = bitFrom + slot;
    const to = at + slot;
    let isSet = 0;
    if (((bitmap[bit >> 3]! >> (bit & 7)) & 1) === 1) {
      value--;
      isSet = (data[(at + value) >> 3]! >> ((at + value) & 7)) & 1;
    }
    data[to >> 3] = (data[to >> 3]! & ~(1 << (to & 7))) | (isSet << (to & 7));
  }
}
