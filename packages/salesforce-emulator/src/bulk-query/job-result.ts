import { ConnectionCut } from '../http/connection-cut.ts';
import type { Body } from '../http/reply.ts';
import type { QueryResult } from '../org/org.ts';
import { csvBlocks, type CsvColumn, csvHeader, type CsvOptions } from './csv-rows.ts';

/** The rows of one query as they were when its job was created. */
export interface JobResult extends Disposable {
  readonly objectName: string;
  readonly totalRows: number;
  /** Rows from `fromRow` (from 0), with a header row of their own. */
  page(fromRow: number, rows: number): ResultPage;
}

export interface ResultPage {
  readonly body: Body;
  /** The same, compressed beforehand. */
  readonly gzipBody?: Body;
}

export interface JobResultOptions extends CsvOptions {
  /** A result without rows has no header row either. */
  readonly emptyBody: boolean;
}

/** Renders pages from the query's snapshot as they are pulled; takes the query result over. */
export function liveResult(
  result: QueryResult,
  columns: readonly CsvColumn[],
  { emptyBody, ...options }: JobResultOptions,
): JobResult {
  let isDisposed = false;
  const body = function* (fromRow: number, rows: number): Iterable<Uint8Array> {
    if (result.totalRows === 0 && emptyBody) return;
    yield Buffer.from(csvHeader(columns, options));
    for (const block of csvBlocks(result.rows(fromRow, rows), columns, options)) {
      yield block;
      // The job may be deleted while a page of it is being fetched.
      if (isDisposed) throw new ConnectionCut();
    }
  };
  return {
    objectName: result.object.name,
    totalRows: result.totalRows,
    page: (fromRow, rows) => ({ body: body(fromRow, rows) }),
    [Symbol.dispose]: () => {
      isDisposed = true;
      result[Symbol.dispose]();
    },
  };
}
