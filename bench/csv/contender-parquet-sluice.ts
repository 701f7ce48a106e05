import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { parquet } from '@sluice/formats/parquet';

import { measurePrepared } from '../harness/measure.ts';
import { benchSchema } from './csv-columns.ts';
import { csvInput } from './csv-input.ts';
import { decodeFile } from './decode-file.ts';
import { factsOfFile } from './parquet-file-facts.ts';

await measurePrepared(
  async (given) => [...decodeFile(csvInput.parse(given).path, 'wasm')],
  async (batches, given) => {
    const { path, compression } = csvInput.parse(given);
    const encoding = parquet({ compression, rowGroupRows: 100_000 }).encode(benchSchema);
    const prologue = encoding.prologue();
    const segment = encoding.segment();
    const chunks = [prologue, ...batches.flatMap((batch) => segment.write(batch))];
    const { bytes, summary } = segment.end();
    chunks.push(...bytes, encoding.epilogue([{ byteOffset: prologue.length, summary }]));
    return async () =>
      await factsOfFile(join(dirname(path), 'sluice'), async (file) => await writeFile(file, Buffer.concat(chunks)));
  },
);
