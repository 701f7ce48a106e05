import { csv } from '@sluice/formats/csv';

import { measurePrepared } from '../harness/measure.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { benchSchema } from './csv-columns.ts';
import { csvInput } from './csv-input.ts';
import { decodeFile } from './decode-file.ts';

await measurePrepared(
  async (given) => [...decodeFile(csvInput.parse(given).path, 'wasm')],
  async (batches) => {
    const encoding = csv({ quoteAll: true, lineEnd: '\n' }).encode(benchSchema);
    const segment = encoding.segment();
    const chunks = [encoding.prologue(), ...batches.flatMap((batch) => segment.write(batch))];
    return async () => {
      const { csvBytes: _, ...facts } = await csvFacts(chunksOf(chunks));
      return facts;
    };
  },
);

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
