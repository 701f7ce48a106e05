import { dirname, join } from 'node:path';

/** Where the rows of the CSV file are in Parquet. */
export function parquetPath({ path, compression }: { readonly path: string; readonly compression: string }): string {
  return join(dirname(path), `rows-${compression}.parquet`);
}
