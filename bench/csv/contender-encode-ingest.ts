import { ingestEncoder } from '@sluice/salesforce/ingest-rows';

import { measurePrepared } from '../harness/measure.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { benchSchema } from './csv-columns.ts';
import { csvInput } from './csv-input.ts';
import { decodeFile } from './decode-file.ts';
import { benchIngest } from './ingest-plan.ts';

await measurePrepared(
  async (given) => [...decodeFile(csvInput.parse(given).path, 'wasm')],
  async (batches) => {
    const encoder = ingestEncoder(
      { ...benchIngest, options: { ...benchIngest.options, ignoreNullValues: true } },
      benchSchema,
    );
    const chunks = [encoder.header(0)];
    for (const batch of batches) for (const { bytes } of encoder.encode(batch).encoded) chunks.push(bytes);
    return async () => {
      const { csvBytes: _, ...facts } = await csvFacts(chunksOf(chunks));
      return facts;
    };
  },
);

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
