import { forEachValidRun } from '../arrow/validity.ts';
import { type ColumnDigest, NullRows } from './column-digest.ts';
import { CrcWords } from './crc-stream.ts';

// What lies under a null row is not looked at, so that a child sees the rows of valid parents alone, one after another.

export function listColumn(item: ColumnDigest): ColumnDigest {
  const nullRows = new NullRows();
  const lengths = new CrcWords();
  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      // Either width of offsets. A slice keeps the items of the whole.
      const offsets = data.valueOffsets as Int32Array | BigInt64Array;
      forEachValidRun(data, from, to, (start, end) => {
        for (let row = start; row < end; row++) lengths.push(Number(offsets[row + 1]) - Number(offsets[row]));
        item.update(data.children[0]!, Number(offsets[start]), Number(offsets[end]));
      });
    },
    nulls: (count) => nullRows.nulls(count),
    words: () => [nullRows.value(), lengths.value(), ...item.words()],
  };
}

export function fixedListColumn(size: number, item: ColumnDigest): ColumnDigest {
  const nullRows = new NullRows();
  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      forEachValidRun(data, from, to, (start, end) => item.update(data.children[0]!, start * size, end * size));
    },
    nulls: (count) => nullRows.nulls(count),
    words: () => [nullRows.value(), ...item.words()],
  };
}

export function structColumn(members: readonly ColumnDigest[]): ColumnDigest {
  const nullRows = new NullRows();
  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      forEachValidRun(data, from, to, (start, end) => {
        members.forEach((member, i) => member.update(data.children[i]!, start, end));
      });
    },
    nulls: (count) => nullRows.nulls(count),
    words: () => [nullRows.value(), ...members.flatMap((member) => member.words())],
  };
}

/** Type ids are below 128. */
const NO_TYPE = 255;

export interface UnionMembers {
  readonly isDense: boolean;
  /** The member's ordinal by type id. */
  readonly memberOf: Readonly<Record<number, number>>;
  readonly members: readonly ColumnDigest[];
}

export function unionColumn({ isDense, memberOf, members }: UnionMembers): ColumnDigest {
  const typeIds = new CrcWords();
  return {
    update(data, from, to) {
      for (let row = from; row < to; row++) {
        const typeId = data.typeIds[row]!;
        const member = memberOf[typeId]!;
        const at = isDense ? data.valueOffsets[row]! : row;
        typeIds.push(typeId);
        members[member]!.update(data.children[member]!, at, at + 1);
      }
    },
    nulls(count) {
      for (let i = 0; i < count; i++) typeIds.push(NO_TYPE);
    },
    words: () => [typeIds.value(), ...members.flatMap((member) => member.words())],
  };
}
