import type { RecordBatch } from 'apache-arrow';

import { createPartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import type { CopyParts } from './copy-parts.ts';
import { countRows, type DeliveredRows, firstOfRows } from './delivered-rows.ts';
import { mapRows } from './map-rows.ts';
import { partName, type PartState } from './run-state.ts';
import { openReader, type ReadingParts } from './split-reader.ts';

/** The source rows of a prepared part, read from the source once more. @throws `SOURCE_CHANGED`. */
export async function* readAgain(
  parts: ReadingParts,
  state: PartState,
): AsyncGenerator<DeliveredRows, void, undefined> {
  const { part, from, readRows, digest: expected } = state.prepared;
  const digest = createPartDigest(parts.sourceSchema);
  const { value } = parts.run.log.state.splits[part.split]!;
  await using reader = openReader(parts, { ordinal: part.split, value, from });
  for (let left = readRows; left > 0;) {
    const delivered = await reader.next();
    if (delivered === undefined) throw changed(part);
    const rows = firstOfRows(delivered, left);
    left -= countRows(rows);
    digest.update(rows.batch, 0, rows.batch.numRows);
    // What was handed out in vain is noticed before the rows come to an end.
    if (left === 0 && digest.value() !== expected) throw changed(part);
    yield rows;
  }
}

/** The rows that the writer of a part was given. */
export async function* writtenAgain(
  copy: ReadingParts & Pick<CopyParts, 'mapping'>,
  state: PartState,
): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const rows of readAgain(copy, state)) {
    const { batch } = mapRows(rows, copy.mapping);
    if (batch.numRows > 0) yield batch;
  }
}

function changed(part: PartState['prepared']['part']): SluiceError {
  return new SluiceError('SOURCE_CHANGED', `the source no longer gives the rows that ${partName(part)} had`, {
    hint: 'Abandon the run and start a new one.',
  });
}
