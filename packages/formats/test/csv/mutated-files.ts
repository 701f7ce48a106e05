import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SluiceError } from '@sluice/core';
import { Int32, Utf8 } from 'apache-arrow';
import fc from 'fast-check';

import { cutAt, decode, failure, schemaOf } from './decoded-rows.ts';
import { decimal } from './type-cases.ts';

export const CORPUS_FOLDER = fileURLToPath(new URL('../', import.meta.resolve('csv-spectrum/json/simple.json')));

const LF = 0x0a;
const COMMA = 0x2c;
/** Bytes that mean something, in CSV, in UTF-8 and in numbers. */
const TELLING = Buffer.from('",\n\r\0 #\\-.eE019€', 'utf8');

type Mutation =
  | { readonly kind: 'put' | 'insert'; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: 'cut' | 'repeat'; readonly at: number; readonly length: number };

export interface MutatedFile {
  readonly bytes: Uint8Array;
  readonly mutations: readonly Mutation[];
  readonly cuts: readonly number[];
}

/** The files to begin with. */
export function corpus(): readonly Uint8Array[] {
  const folder = join(CORPUS_FOLDER, 'csvs');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}

/** One of the files, changed in some places, in chunks. */
export function mutatedFile(files: readonly Uint8Array[]): fc.Arbitrary<MutatedFile> {
  const byte = fc.oneof(fc.constantFrom(...TELLING), fc.integer({ min: 0, max: 255 }));
  const bytes = fc.array(byte, { maxLength: 6 });
  const mutation = fc.oneof(
    fc.record({ kind: fc.constantFrom('put' as const, 'insert' as const), at: fc.nat(), bytes }),
    fc.record({ kind: fc.constantFrom('cut' as const, 'repeat' as const), at: fc.nat(), length: fc.nat(80) }),
  );
  return fc.record({
    bytes: fc.constantFrom(...files),
    mutations: fc.array(mutation, { maxLength: 5 }),
    cuts: fc.array(fc.nat(), { maxLength: 6 }),
  });
}

/**
 * Decodes it with both engines, which have to agree, as text and as numbers; once up to the first row that is none, and
 * once without such rows. Returns the code of the error the first ends in, if it does.
 */
export function codeOfMutant({ bytes, mutations, cuts }: MutatedFile): string | undefined {
  let file: Uint8Array = bytes;
  for (const mutation of mutations) file = mutated(file, mutation);
  const chunks = cutAt(
    file,
    cuts.map((cut) => cut % (file.length + 1)),
  );
  const header = bytes.subarray(0, bytes.indexOf(LF));
  const columnCount = header.filter((byte) => byte === COMMA).length + 1;
  const types = Array.from({ length: columnCount }, (_, i) => [new Utf8(), new Int32(), decimal(9, 2)][i % 3]!);
  // Some batches of each file, however large.
  const batch = { rows: Math.max(3, file.length >> 8), bytes: Math.max(200, file.length >> 3) };
  const decoding = { schema: schemaOf(...types), batch };
  const strict = codeOf(failure(() => decode(chunks, decoding)));
  const lenient = codeOf(failure(() => decode(chunks, { ...decoding, malformedRows: 'reject' })));
  return strict === undefined && lenient !== undefined ? 'an error of rejected rows alone' : strict;
}

function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return SluiceError.is(error) ? error.code : 'no error of ours';
}

function mutated(file: Uint8Array, mutation: Mutation): Uint8Array {
  const at = mutation.at % (file.length + 1);
  const ahead = file.subarray(0, at);
  switch (mutation.kind) {
    case 'put':
      return Buffer.concat([ahead, Uint8Array.from(mutation.bytes), file.subarray(at + mutation.bytes.length)]);
    case 'insert':
      return Buffer.concat([ahead, Uint8Array.from(mutation.bytes), file.subarray(at)]);
    case 'cut':
      return Buffer.concat([ahead, file.subarray(at + mutation.length)]);
    case 'repeat':
      return Buffer.concat([file.subarray(0, at + mutation.length), file.subarray(at)]);
  }
}
