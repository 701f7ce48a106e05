import { type DataType, makeData } from 'apache-arrow';

import { copyBits } from './bitmap.ts';
import type { ChunkValues } from './chunk-values.ts';
import { damaged, within } from './damage.ts';
import { HybridReader } from './hybrid-reader.ts';
import type { DataPage, PageBytes } from './page-reader.ts';
import { spreadBits } from './spread-slots.ts';

/** Sets those of the next `count` bits of `out` that are true; all are clear before. */
type BitSource = (count: number, out: Uint8Array, at: number) => void;

/** Booleans. */
export function bitValues(type: DataType): ChunkValues<BitSource> {
  return {
    slotBytes: 1,
    bytesOf: undefined,
    setDictionary() {
      throw damaged('a dictionary of booleans');
    },
    openPage(page) {
      const source = openBits(page);
      return () => source;
    },
    build(pieces, slots, nulls) {
      const data = new Uint8Array((slots + 7) >> 3);
      let at = 0;
      for (const { values, from, to, slots: count, bits, place } of pieces) {
        within(place, () => values(to - from, data, at));
        if (bits !== undefined) spreadBits(data, { at, slots: count, values: to - from, bits });
        at += count;
      }
      // The union of all data shapes cannot be told apart by a type that is only known at run time.
      return makeData({ type, length: slots, data, ...nulls } as never);
    },
  };
}

function openBits({ encoding, content }: DataPage): BitSource {
  if (encoding === 'PLAIN') return plainBits(content);
  if (encoding !== 'RLE') throw damaged(`values of BOOLEAN in the encoding ${encoding}`);
  const { bytes, start, end } = content;
  // Their length stands in front, although nothing follows them.
  if (end - start < 4) return plainBits({ bytes, start, end: start });
  const reader = new HybridReader(bytes, start + 4, end, 1);
  return (count, out, at) => void reader.readBits(out, at, count);
}

function plainBits({ bytes, start, end }: PageBytes): BitSource {
  let bit = start * 8;
  return (count, out, at) => {
    if (bit + count > end * 8) throw damaged('fewer values than there should be');
    copyBits(bytes, bit, count, out, at);
    bit += count;
  };
}
