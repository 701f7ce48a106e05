import { type DataType, makeData } from 'apache-arrow';
import type { ParquetType } from 'hyparquet';

import { type BytePage, deltaBytes, deltaLengthBytes, plainBytes } from './byte-run.ts';
import type { ChunkValues } from './chunk-values.ts';
import { damaged, within } from './damage.ts';
import type { Storage } from './leaf-type.ts';
import type { DataPage } from './page-reader.ts';
import { converted, decimalSlots } from './slot-conversion.ts';
import { deltaSlots, dictionarySlots, evenSlots, plainSlots, type SlotSource, splitSlots } from './slot-source.ts';
import { spreadSlots } from './spread-slots.ts';

type Slots = Extract<Storage, { readonly kind: 'slots' }>;

/** Values of one width in Arrow, however they are stored. */
export function slotValues(physical: ParquetType, type: DataType, storage: Slots): ChunkValues<SlotSource> {
  const { slotBytes, storedBytes, conversion } = storage;
  let entries: Uint8Array | undefined;

  function openStored({ encoding, content }: DataPage): SlotSource {
    switch (encoding) {
      case 'PLAIN':
        return plainSlots(content, storedBytes);
      case 'BYTE_STREAM_SPLIT':
        if (physical !== 'INT96') return splitSlots(content, storedBytes);
        break;
      case 'DELTA_BINARY_PACKED':
        if (physical === 'INT32') return deltaSlots(content, 4);
        if (physical === 'INT64') return deltaSlots(content, 8);
        break;
      case 'DELTA_BYTE_ARRAY':
        if (physical === 'FIXED_LEN_BYTE_ARRAY') return evenSlots(deltaBytes(content), storedBytes);
        break;
      default:
    }
    throw damaged(`values of ${physical} in the encoding ${encoding}`);
  }

  function openPage(page: DataPage): SlotSource {
    if (page.encoding === 'PLAIN_DICTIONARY' || page.encoding === 'RLE_DICTIONARY') {
      if (entries === undefined) throw damaged('its dictionary is missing');
      return dictionarySlots(page.content, entries, slotBytes);
    }
    if (storedBytes === 0) return decimalSlots(byteValuePage(page), slotBytes / 4);
    const source = openStored(page);
    return conversion === undefined ? source : converted(source, conversion);
  }

  return {
    slotBytes,
    bytesOf: undefined,
    setDictionary({ bytes, values }) {
      const minBytes = storedBytes === 0 ? 4 : storedBytes;
      if (values * minBytes > bytes.length) throw damaged('its dictionary has fewer entries than it should');
      entries = new Uint8Array(values * slotBytes);
      const content = { bytes, start: 0, end: bytes.length };
      openPage({ ...PLAIN_PAGE, values, content })(values, entries, 0);
    },
    openPage(page) {
      const source = openPage(page);
      return () => source;
    },
    build(pieces, slots, nulls) {
      const data = new Uint8Array(slots * slotBytes);
      let at = 0;
      for (const { values, from, to, slots: count, bits, place } of pieces) {
        within(place, () => values(to - from, data, at * slotBytes));
        if (bits !== undefined) spreadSlots(data, slotBytes, { at, slots: count, values: to - from, bits });
        at += count;
      }
      // The union of all data shapes cannot be told apart by a type that is only known at run time.
      return makeData({ type, length: slots, data, ...nulls } as never);
    },
  };
}

const PLAIN_PAGE = {
  kind: 'data',
  encoding: 'PLAIN',
  repetition: undefined,
  definition: undefined,
  place: 'its dictionary',
} as const;

/** @throws `FILE_CORRUPT` for an encoding that is none of bytes. */
export function byteValuePage({ encoding, content }: DataPage): BytePage {
  switch (encoding) {
    case 'PLAIN':
      return plainBytes(content);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return deltaLengthBytes(content);
    case 'DELTA_BYTE_ARRAY':
      return deltaBytes(content);
    default:
      throw damaged(`values of BYTE_ARRAY in the encoding ${encoding}`);
  }
}
