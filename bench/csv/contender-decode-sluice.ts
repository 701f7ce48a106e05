import { measure } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';
import { decodeFile } from './decode-file.ts';

await measure(async (given) => {
  const { path, engine } = csvInput.parse(given);
  const batches = [...decodeFile(path, engine)];
  return async () => (await import('./batch-facts.ts')).batchFacts(batches);
});
