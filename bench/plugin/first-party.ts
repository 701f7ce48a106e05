import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fromBatches } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { files } from '@sluice/sinks';
import { localStore } from '@sluice/stores';
import { Field, Int32, RecordBatch, Schema, Table, vectorFromArray } from 'apache-arrow';

import type { BenchSubject } from './bench-subject.ts';

const BATCH_ROWS = 8192;

let folder: string | undefined;

/** What plugins are compared with: the nearest of ours that does least. */
export const subject: BenchSubject = {
  name: 'sluice',
  source: (rows) => {
    const schema = new Schema([new Field('n', new Int32(), true)]);
    return fromBatches(schema, numbers(schema, rows));
  },
  async sink() {
    folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    return files({ store: localStore(folder), path: 'rows/', format: arrowIpc() });
  },
  format: () => arrowIpc(),
  async dispose() {
    if (folder !== undefined) await rm(folder, { recursive: true });
  },
};

function numbers(schema: Schema, rows: number): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const n = vectorFromArray(
      Array.from({ length: Math.min(BATCH_ROWS, rows - from) }, (_, i) => from + i),
      new Int32(),
    );
    batches.push(new RecordBatch(schema, new Table({ n }).batches[0]!.data));
  }
  return batches;
}
