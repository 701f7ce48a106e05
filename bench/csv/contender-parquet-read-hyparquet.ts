import { type ColumnData, asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { measure } from '../harness/measure.ts';
import { storedRow } from '../query/parquet-facts.ts';
import { RowFacts } from '../query/row-facts.ts';
import { csvInput } from './csv-input.ts';
import { parquetPath } from './parquet-path.ts';

await measure(async (given) => {
  const file = await asyncBufferFromFile(parquetPath(csvInput.parse(given)));
  const metadata = await parquetMetadataAsync(file);
  // Without the annotation the reader gives the unscaled whole number in place of a float.
  for (const element of metadata.schema) {
    if (element.converted_type !== 'DECIMAL') continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  const chunks: ColumnData[] = [];
  await parquetRead({ file, metadata, compressors, onChunk: (chunk) => chunks.push(chunk) });
  return () => {
    const columns = new Map<string, unknown[]>();
    for (const { columnName, columnData, rowStart } of chunks) {
      const values = columns.get(columnName) ?? [];
      columns.set(columnName, values);
      for (const [i, value] of Array.from(columnData as ArrayLike<unknown>).entries()) values[rowStart + i] = value;
    }
    const facts = new RowFacts();
    for (let row = 0; row < Number(metadata.num_rows); row++) {
      facts.add(storedRow(Object.fromEntries([...columns].map(([name, values]) => [name, values[row]]))));
    }
    return facts.facts();
  };
});
