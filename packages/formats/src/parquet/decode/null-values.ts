import { type DataType, makeData } from 'apache-arrow';

import type { ChunkValues } from './chunk-values.ts';
import { damaged } from './damage.ts';

/** A column that has nothing but nulls. */
export function nullValues(type: DataType): ChunkValues<undefined> {
  return {
    slotBytes: 0,
    bytesOf: undefined,
    setDictionary() {
      // It has no entry that anything refers to.
    },
    openPage: () => (count) => {
      if (count > 0) throw damaged('a value in a column that has none');
      return undefined;
    },
    // The union of all data shapes cannot be told apart by a type that is only known at run time.
    build: (_pieces, slots) => makeData({ type, length: slots } as never),
  };
}
