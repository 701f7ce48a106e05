import * as z from 'zod';

/** What every contender that works on the file gets. */
export const csvInput = z.object({
  path: z.string(),
  engine: z.enum(['wasm', 'js']).default('wasm'),
  /** `0` for one of each core. */
  threads: z.int().default(1),
  parser: z.enum(['csv-parse', 'papaparse', 'udsv']).default('csv-parse'),
  compression: z.enum(['snappy', 'zstd']).default('snappy'),
});
