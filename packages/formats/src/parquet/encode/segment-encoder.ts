import type { SegmentEncoder } from '@sluice/core';
import { SluiceError } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { cellBytes, type ColumnBatch, openColumn } from '../../bits/column-batch.ts';
import { ColumnChunkWriter } from './column-chunk-writer.ts';
import type { ColumnPlan } from './column-plan.ts';
import type { RowGroupSummary, SegmentSummary } from './file-summary.ts';
import type { ParquetCompression } from './page-compression.ts';

export interface RowGroupBounds {
  readonly compression: ParquetCompression;
  readonly rowGroupRows: number;
  readonly rowGroupBytes: number;
}

/**
 * Rows to row groups. Pages are encoded and compressed as they fill; a row group's pages are held until it ends, because
 * a file has them column by column.
 */
export function segmentEncoder(columns: readonly ColumnPlan[], bounds: RowGroupBounds): SegmentEncoder {
  const chunks = columns.map((column) => new ColumnChunkWriter(column, bounds.compression));
  const fixedRowBytes = columns.reduce((sum, column) => sum + column.rowBytes, 0);
  const rowGroups: RowGroupSummary[] = [];
  let rows = 0;
  let weight = 0;
  let byteOffset = 0;

  function weigh(batch: readonly ColumnBatch[], from: number, to: number): number {
    return batch.reduce((sum, column) => sum + cellBytes(column, from, to), (to - from) * fixedRowBytes);
  }

  /**
   * The row behind the one that fills the row group, or `to`, and what the rows up to there add. Looks at rows alone, so
   * the cut does not depend on batches.
   */
  function endOfRowGroup(
    batch: readonly ColumnBatch[],
    from: number,
    to: number,
  ): readonly [end: number, added: number] {
    const all = weigh(batch, from, to);
    if (weight + all < bounds.rowGroupBytes) return [to, all];
    let low = from + 1;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (weight + weigh(batch, from, middle) >= bounds.rowGroupBytes) high = middle;
      else low = middle + 1;
    }
    return [low, weigh(batch, from, low)];
  }

  function endRowGroup(out: Uint8Array[]): void {
    const summaries = chunks.map((chunk) => {
      const { bytes, summary } = chunk.end(byteOffset);
      byteOffset += summary.bytes;
      for (const page of bytes) out.push(page);
      return summary;
    });
    rowGroups.push({ rows, columns: summaries });
    rows = 0;
    weight = 0;
  }

  return {
    write(batch) {
      const out: Uint8Array[] = [];
      const opened = openBatch(columns, batch);
      let from = 0;
      while (from < batch.numRows) {
        const most = Math.min(batch.numRows, from + bounds.rowGroupRows - rows);
        const [to, added] = endOfRowGroup(opened, from, most);
        opened.forEach((column, i) => chunks[i]!.append(column, from, to));
        rows += to - from;
        weight += added;
        from = to;
        if (rows >= bounds.rowGroupRows || weight >= bounds.rowGroupBytes) endRowGroup(out);
      }
      return out;
    },
    end() {
      const bytes: Uint8Array[] = [];
      if (rows > 0) endRowGroup(bytes);
      return { bytes, summary: { version: 1, rowGroups } satisfies SegmentSummary };
    },
  };
}

function openBatch(columns: readonly ColumnPlan[], batch: RecordBatch): readonly ColumnBatch[] {
  const { children } = batch.data;
  return columns.map((column, i) => {
    const data = children[i];
    if (data === undefined || children.length !== columns.length || !column.holds(data.type)) {
      throw new SluiceError('CONTRACT_BROKEN', `a batch does not have the planned type in column ${column.name}`);
    }
    return openColumn(data);
  });
}
