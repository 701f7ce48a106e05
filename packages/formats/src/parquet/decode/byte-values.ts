import { isAscii, isUtf8 } from 'node:buffer';

import { SluiceError } from '@sluice/core';
import { type DataType, DataType as Types, makeData } from 'apache-arrow';

import { type ByteEntries, byteEntries, type ByteRun, dictionaryBytes } from './byte-run.ts';
import type { ChunkValues, Piece, SlotBits } from './chunk-values.ts';
import { damaged, within } from './damage.ts';
import { byteValuePage } from './slot-values.ts';

/** The values of a stretch of a page, with the sum of their lengths at hand. */
export class MeasuredBytes {
  readonly run: ByteRun;
  readonly total: number;
  #ends: Float64Array | undefined;

  constructor(run: ByteRun) {
    this.run = run;
    const { lengths } = run;
    let total = 0;
    for (let i = 0; i < lengths.length; i++) total += lengths[i]!;
    this.total = total;
  }

  bytesOf(from: number, to: number): number {
    if (from === 0 && to === this.run.lengths.length) return this.total;
    const ends = (this.#ends ??= endsOf(this.run.lengths));
    return ends[to]! - ends[from]!;
  }
}

function endsOf(lengths: Int32Array): Float64Array {
  const ends = new Float64Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) ends[i + 1] = ends[i]! + lengths[i]!;
  return ends;
}

/** Text or bytes, each value in full. */
export function byteValues(type: DataType): ChunkValues<MeasuredBytes> {
  const chunk = byteChunk();
  return {
    ...chunk,
    build(pieces, slots, nulls) {
      const { bytes, offsets } = joinBytes(pieces, slots);
      if (Types.isUtf8(type)) requireText(bytes, offsets);
      // The union of all data shapes cannot be told apart by a type that is only known at run time.
      return makeData({ type, length: slots, data: bytes, valueOffsets: offsets, ...nulls } as never);
    },
  };
}

export interface ByteChunk extends Omit<ChunkValues<MeasuredBytes>, 'build'> {
  readonly dictionary: ByteEntries | undefined;
}

/** What text and bytes have in common, whatever is made of them. */
export function byteChunk(): ByteChunk {
  let dictionary: ByteEntries | undefined;
  return {
    slotBytes: 4,
    bytesOf: (values, from, to) => values.bytesOf(from, to),
    get dictionary() {
      return dictionary;
    },
    setDictionary(page) {
      dictionary = byteEntries(page);
    },
    openPage(page) {
      const isEntries = page.encoding === 'PLAIN_DICTIONARY' || page.encoding === 'RLE_DICTIONARY';
      if (isEntries && dictionary === undefined) throw damaged('its dictionary is missing');
      const next = isEntries && dictionary ? dictionaryBytes(page.content, dictionary) : byteValuePage(page);
      return (count) => new MeasuredBytes(next(count));
    },
  };
}

/** All values one behind the other, and where each slot begins and ends. */
export function joinBytes(pieces: readonly Piece<MeasuredBytes>[], slots: number): ByteEntries {
  const offsets = new Int32Array(slots + 1);
  let slot = 0;
  let end = 0;
  for (const { values, from, to, slots: count, bits } of pieces) {
    if (end + values.bytesOf(from, to) > 0x7fff_ffff) throw tooLong();
    end = writeOffsets(offsets, slot, end, values.run.lengths, { from, to, slots: count, bits });
    slot += count;
  }
  const bytes = new Uint8Array(end);
  let at = 0;
  for (const { values, from, to, place } of pieces) {
    within(place, () => values.run.take(from, to, bytes, at));
    at += values.bytesOf(from, to);
  }
  return { bytes, offsets };
}

interface Slots {
  readonly from: number;
  readonly to: number;
  readonly slots: number;
  readonly bits: SlotBits | undefined;
}

function writeOffsets(
  offsets: Int32Array,
  at: number,
  start: number,
  lengths: Int32Array,
  { from, to, slots, bits }: Slots,
): number {
  let end = start;
  let slot = at;
  if (bits === undefined) {
    for (let value = from; value < to; value++) {
      end += lengths[value]!;
      offsets[++slot] = end;
    }
    return end;
  }
  let value = from;
  for (let bit = bits.bitFrom; bit < bits.bitFrom + slots; bit++) {
    if ((bits.bitmap[bit >> 3]! >> (bit & 7)) & 1) end += lengths[value++]!;
    offsets[++slot] = end;
  }
  return end;
}

/** @throws `FILE_CORRUPT` for what is no UTF-8; readers of Arrow take it for granted. */
export function requireText(bytes: Uint8Array, offsets: Int32Array): void {
  if (isAscii(bytes)) return;
  if (!isUtf8(bytes)) throw damaged('a text that is not UTF-8');
  // All of it together is, and so is each if none begins within a character.
  for (let i = 0; i < offsets.length - 1; i++) {
    if ((bytes[offsets[i]!]! & 0xc0) === 0x80) throw damaged('a text that is not UTF-8');
  }
}

function tooLong(): SluiceError {
  return new SluiceError('VALUE_INVALID', 'a row or batch has more than 2 GiB of one column', {
    hint: 'Ask for smaller batches.',
  });
}
