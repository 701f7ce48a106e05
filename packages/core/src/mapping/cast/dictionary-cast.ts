import { type Data, type DataType, type Dictionary, Vector } from 'apache-arrow';

import { forEachEntry } from '../../arrow/dictionary-entries.ts';
import { forEachValidRun } from '../../arrow/validity.ts';
import { columnBuilder } from '../column-builder.ts';
import { dataOf, nullsOf } from '../column-nulls.ts';
import { columnOpener } from '../column-reader.ts';
import type { AnyValue } from '../column-value.ts';
import type { FailRow } from '../failed-rows.ts';
import { NO_ROW, takeRows } from '../take-rows.ts';
import type { CastKernel } from './cast-kernel.ts';

/** Looks rows up in a dictionary whose entries are cast first, each once. */
export function decodingCast(to: DataType, entryCast: CastKernel | undefined): CastKernel | undefined {
  const build = columnBuilder(to);
  const open = columnOpener(to);
  if (build === undefined || open === undefined) return undefined;
  return (data, fail) => {
    const entries = castEntries(data, entryCast);
    const [only, more] = entries;
    const rows = new Uint32Array(data.length).fill(NO_ROW);
    if (only !== undefined && more === undefined) {
      lookUp(data, (row, _chunk, entry) => {
        rows[row] = entry;
        only.failIfUsed(entry, row, fail);
      });
      return takeRows(only.data, rows);
    }
    const builder = build(data.length);
    const readers = entries.map((chunk) => open(chunk.data));
    const chunkOf = new Map((data.dictionary?.data ?? []).map((chunk, ordinal) => [chunk, ordinal] as const));
    lookUp(data, (row, chunk, entry) => {
      const ordinal = chunkOf.get(chunk)!; // The look-up gives chunks of this dictionary.
      entries[ordinal]!.failIfUsed(entry, row, fail);
      const value = entries[ordinal]!.data.getValid(entry) ? readers[ordinal]!(entry) : undefined;
      if (value !== undefined) builder.set(row, value);
    });
    return builder.finish();
  };
}

/** A dictionary whose entries are cast, each once, under the same keys. */
export function recodingCast(to: Dictionary, entryCast: CastKernel | undefined): CastKernel {
  return (data, fail) => {
    const entries = castEntries(data, entryCast);
    const ordinals = new Map((data.dictionary?.data ?? []).map((chunk, ordinal) => [chunk, ordinal] as const));
    lookUp(data, (row, chunk, entry) => entries[ordinals.get(chunk)!]!.failIfUsed(entry, row, fail));
    const dictionary = new Vector(entries.map((chunk) => chunk.data));
    return dataOf(to, nullsOf(data), { data: data.values, dictionary });
  };
}

/** Gives each value that a batch has an entry, in the order they come. */
export function encodingCast(to: Dictionary): CastKernel | undefined {
  const build = columnBuilder(to.dictionary);
  const open = columnOpener(to.dictionary);
  if (build === undefined || open === undefined) return undefined;
  return (data) => {
    const read = open(data);
    const keys = new Int32Array(data.length);
    const entries: AnyValue[] = [];
    const keyOf = new Map<AnyValue, number>();
    forEachValidRun(data, 0, data.length, (from, end) => {
      for (let row = from; row < end; row++) {
        const value = read(row)!; // Only a dictionary has none.
        const identity = identityOf(value);
        let key = keyOf.get(identity);
        if (key === undefined) {
          keyOf.set(identity, (key = entries.length));
          entries.push(value);
        }
        keys[row] = key;
      }
    });
    const builder = build(entries.length);
    entries.forEach((value, entry) => builder.set(entry, value));
    return dataOf(to, nullsOf(data), { data: keys, dictionary: new Vector([builder.finish()]) });
  };
}

/** Equal for equal values only. */
function identityOf(value: AnyValue): AnyValue {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return Object.is(value, -0) ? '-0' : value;
}

interface CastEntries {
  readonly data: Data;
  failIfUsed(entry: number, row: number, fail: FailRow): void;
}

function castEntries(data: Data, cast: CastKernel | undefined): readonly CastEntries[] {
  return (data.dictionary?.data ?? []).map((chunk) => {
    const reasons = new Map<number, string>();
    const entries = cast === undefined ? chunk : cast(chunk, (entry, reason) => reasons.set(entry, reason));
    return {
      data: entries,
      failIfUsed(entry, row, fail) {
        const reason = reasons.get(entry);
        if (reason !== undefined) fail(row, reason);
      },
    };
  });
}

function lookUp(data: Data, visit: (row: number, chunk: Data, entry: number) => void): void {
  let row = 0;
  forEachEntry(data, 0, data.length, {
    value: (chunk, entry) => visit(row++, chunk, entry),
    missing: () => row++,
  });
}
