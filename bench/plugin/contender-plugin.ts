import { copy, fromBatches, read } from '@sluice/core';
import * as z from 'zod';

import { benchSchema } from '../csv/csv-columns.ts';
import { decodeFile as decodeCsv } from '../csv/decode-file.ts';
import type { Facts } from '../harness/contender.ts';
import { measurePrepared } from '../harness/measure.ts';
import { type BenchSubject, loadSubject } from './bench-subject.ts';
import { decodeFile, encodeFile } from './format-bytes.ts';

const pluginInput = z.object({
  modulePath: z.string(),
  role: z.enum(['source', 'sink', 'encode', 'decode']),
  /** The rows of the benchmark as CSV. */
  path: z.string(),
  rows: z.int(),
});

type PluginInput = z.output<typeof pluginInput>;
type Showing = () => Promise<Facts>;

let subject: BenchSubject;

await measurePrepared(
  async (given) => {
    const input = pluginInput.parse(given);
    subject = await loadSubject(input.modulePath);
    return await prepare(subject, input);
  },
  async (work) => {
    const factsOf = await work();
    return async () => {
      const facts = await factsOf();
      await subject.dispose?.();
      return facts;
    };
  },
);

/** What is to be measured. */
async function prepare(of: BenchSubject, { role, path, rows }: PluginInput): Promise<() => Promise<Showing>> {
  if (role === 'source') {
    const source = await of.source!(rows);
    return async () => {
      let count = 0;
      for await (const batch of read(source)) count += batch.numRows;
      return async () => ({ rows: count });
    };
  }
  const batches = [...decodeCsv(path, 'wasm')];
  if (role === 'sink') {
    const sink = await of.sink!();
    return async () => {
      const { writtenRows } = await copy({ from: fromBatches(benchSchema, batches), to: sink });
      return async () => ({ rows: writtenRows });
    };
  }
  const format = of.format!();
  if (role === 'encode') {
    return async () => {
      const chunks = encodeFile(format, benchSchema, batches);
      return async () => await factsOfFile(format, chunks, rows);
    };
  }
  const file = Buffer.concat(encodeFile(format, benchSchema, batches));
  return async () => {
    const decoded = await decodeFile(format, benchSchema, file);
    return async () => (await import('../csv/batch-facts.ts')).batchFacts(decoded);
  };
}

/** Of a format that only writes, no more than that it did. */
async function factsOfFile(
  format: ReturnType<NonNullable<BenchSubject['format']>>,
  chunks: readonly Uint8Array[],
  rows: number,
) {
  if (format.decode === undefined && format.open === undefined) return { rows: chunks.length > 0 ? rows : 0 };
  const decoded = await decodeFile(format, benchSchema, Buffer.concat(chunks));
  return (await import('../csv/batch-facts.ts')).batchFacts(decoded);
}
