import type { Data } from 'apache-arrow';

import { setBits } from './bitmap.ts';
import type { ChunkPages } from './chunk-pages.ts';
import type { ChunkValues, Piece } from './chunk-values.ts';
import { damaged, within } from './damage.ts';
import { nullsOf } from './flat-column.ts';
import { LevelReader, type Levels } from './level-reader.ts';
import type { DataPage } from './page-reader.ts';
import type { SchemaNode } from './schema-tree.ts';

/** Levels read at once. */
const RUN_LEVELS = 4096;
/** More in one row is damage, or at least nothing to hold in memory. */
const MAX_ROW_LEVELS = 0x400_0000;

/** Rows of one leaf, with what makes data of their values. */
export interface LeafRows {
  readonly levels: Levels;
  /** A slot for each level that is defined so far: where the innermost list has an item, or each row if there is none. */
  build(minDefinition: number): Data;
}

/** One of the columns that a nested column has in the file. */
export interface NestedLeaf {
  readonly ordinal: number;
  load(rows: number, maxBytes: number): Promise<void> | undefined;
  /** No less than what the rows take, lists around the values included; `Infinity` where not all are loaded. */
  bytesAhead(rows: number): number;
  take(rows: number): LeafRows;
}

interface Run<V> {
  readonly values: V;
  readonly place: string;
  levelsLeft: number;
  valuesTaken: number;
}

interface Page<V> {
  readonly levels: LevelReader;
  readonly next: (count: number) => V;
  readonly place: string;
  left: number;
}

/** A stretch of a run and which of its values that are. */
interface Portion<V> {
  readonly run: Run<V>;
  readonly levels: number;
  readonly from: number;
  readonly to: number;
}

/** `rows` are those of the row group. */
export function nestedLeaf<V>(
  node: SchemaNode,
  { pages, rows: groupRows }: { readonly pages: ChunkPages; readonly rows: number },
  values: ChunkValues<V>,
): NestedLeaf {
  const levelBytes = values.slotBytes + 4 * node.repetition;
  let repetition = new Int32Array(RUN_LEVELS);
  let definition = new Int32Array(RUN_LEVELS);
  let count = 0;
  /** Where each row begins. */
  let starts = new Int32Array(256);
  let started = 0;
  let takenRows = 0;
  let runs: Run<V>[] = [];
  let valueBytes = 0;
  let page: Page<V> | undefined;

  const isAtEnd = (): boolean => pages.left === 0 && (page === undefined || page.left === 0);
  /** A row is whole once the next has begun. */
  const rowsAhead = (): number => (isAtEnd() ? started : Math.max(0, started - 1));
  const wants = (rows: number, maxBytes: number): boolean =>
    rowsAhead() < rows && (rowsAhead() === 0 || count * levelBytes + valueBytes <= maxBytes);
  const endOf = (rows: number): number => (rows === started ? count : starts[rows]!);

  function openPage(data: DataPage): Page<V> {
    return within(data.place, () => ({
      levels: new LevelReader(data, node),
      next: values.openPage(data),
      place: data.place,
      left: data.values,
    }));
  }

  function openRun(from: Page<V>): void {
    const levels = Math.min(RUN_LEVELS, from.left);
    from.left -= levels;
    within(from.place, () => {
      repetition = withRoom(repetition, count, levels);
      definition = withRoom(definition, count, levels);
      from.levels.read({ repetition, definition, from: count, count: levels });
      const valueCount = countValues(count, count + levels);
      const run: Run<V> = { values: from.next(valueCount), place: from.place, levelsLeft: levels, valuesTaken: 0 };
      runs.push(run);
      valueBytes += values.bytesOf?.(run.values, 0, valueCount) ?? 0;
      startRows(count, count + levels);
    });
    count += levels;
  }

  function startRows(from: number, to: number): void {
    for (let level = from; level < to; level++) {
      if (repetition[level] !== 0) continue;
      starts = withRoom(starts, started, 1);
      starts[started++] = level;
      if (takenRows + started > groupRows) throw damaged('it has more rows than its row group');
    }
    if (started === 0 && to > 0) throw damaged('it begins within a row');
    if (to - starts[started - 1]! > MAX_ROW_LEVELS) throw damaged(`a row of more than ${MAX_ROW_LEVELS} values`);
  }

  function countValues(from: number, to: number): number {
    let found = 0;
    for (let level = from; level < to; level++) if (definition[level] === node.definition) found++;
    return found;
  }

  function portionsOf(end: number): readonly Portion<V>[] {
    const portions: Portion<V>[] = [];
    let at = 0;
    for (let i = 0; at < end; i++) {
      const run = runs[i]!;
      const levels = Math.min(run.levelsLeft, end - at);
      const from = run.valuesTaken;
      portions.push({ run, levels, from, to: from + countValues(at, at + levels) });
      at += levels;
    }
    return portions;
  }

  function bytesOf(portions: readonly Portion<V>[]): number {
    const { bytesOf: measure } = values;
    if (measure === undefined) return 0;
    return portions.reduce((sum, { run, from, to }) => sum + measure(run.values, from, to), 0);
  }

  return {
    ordinal: node.ordinal,
    load(rows, maxBytes) {
      while (wants(rows, maxBytes)) {
        if (page === undefined || page.left === 0) return loadPages(rows, maxBytes);
        openRun(page);
      }
      return undefined;
    },
    bytesAhead(rows) {
      if (rows > rowsAhead()) return Infinity;
      const end = endOf(rows);
      return end * levelBytes + bytesOf(portionsOf(end));
    },
    take(rows) {
      const end = endOf(rows);
      const portions = portionsOf(end);
      const levels = { count: end, repetition: repetition.subarray(0, end), definition: definition.subarray(0, end) };
      valueBytes -= bytesOf(portions);
      for (const { run, levels: taken, to } of portions) {
        run.levelsLeft -= taken;
        run.valuesTaken = to;
      }
      runs = runs.filter(({ levelsLeft }) => levelsLeft > 0);
      // What is left moves to the front of arrays of its own, since the levels taken are still in use.
      repetition = repetition.slice(end);
      definition = definition.slice(end);
      count -= end;
      starts = starts.slice(rows).map((start) => start - end);
      started -= rows;
      takenRows += rows;
      return { levels, build: (minDefinition) => buildSlots(levels, portions, minDefinition) };
    },
  };

  async function loadPages(rows: number, maxBytes: number): Promise<void> {
    while (wants(rows, maxBytes)) {
      if (page === undefined || page.left === 0) page = openPage(await pages.next());
      openRun(page);
    }
  }

  function buildSlots(levels: Levels, portions: readonly Portion<V>[], minDefinition: number): Data {
    const bitmap = new Uint8Array((levels.count + 7) >> 3);
    const pieces: Piece<V>[] = [];
    let level = 0;
    let slots = 0;
    for (const { run, levels: size, from, to } of portions) {
      const bitFrom = slots;
      for (const end = level + size; level < end; level++) {
        if (levels.definition[level]! < minDefinition) continue;
        if (levels.definition[level] === node.definition) setBits(bitmap, slots, slots + 1);
        slots++;
      }
      const count = slots - bitFrom;
      const bits = count === to - from ? undefined : { bitmap, bitFrom };
      pieces.push({ slots: count, bits, values: run.values, from, to, place: run.place });
    }
    return values.build(pieces, slots, nullsOf(pieces, slots));
  }
}

function withRoom(values: Int32Array<ArrayBuffer>, length: number, extra: number): Int32Array<ArrayBuffer> {
  if (length + extra <= values.length) return values;
  const grown = new Int32Array(Math.max(length + extra, values.length * 2));
  grown.set(values.subarray(0, length));
  return grown;
}
