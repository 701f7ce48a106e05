import { type FileSplit, type OpenFile, type OpenOptions, type RandomAccess, SluiceError } from '@sluice/core';
import { Field, type RecordBatch, Schema } from 'apache-arrow';

import { endOfFit } from './batch-cut.ts';
import { BatchReader } from './batch-reader.ts';
import { type FileBlocks, readBlock, readFooter, splitsOf } from './file-blocks.ts';
import { corrupt, type IpcMessage } from './message-reader.ts';

/** Its footer, and the headers of its batches for their rows. Batches are fetched whole, whatever columns are asked for. */
export async function openArrowFile(file: RandomAccess, { columns, signal }: OpenOptions): Promise<OpenFile> {
  const blocks = await readFooter(file);
  const schema = selectedSchema(blocks.schema, columns);
  const splits = await splitsOf(file, blocks.batches, signal);
  const opened = new OpenArrowFile(file, blocks, schema);
  return {
    schema,
    rows: splits.reduce((sum, { rows }) => sum + rows, 0),
    splits,
    read: (split, options) => opened.read(split, options),
  };
}

class OpenArrowFile {
  readonly #file: RandomAccess;
  readonly #blocks: FileBlocks;
  readonly #schema: Schema;
  #dictionaries: Promise<readonly IpcMessage[]> | undefined;

  constructor(file: RandomAccess, blocks: FileBlocks, schema: Schema) {
    this.#file = file;
    this.#blocks = blocks;
    this.#schema = schema;
  }

  async *read(
    split: FileSplit,
    { batch: bounds, signal }: Parameters<OpenFile['read']>[1],
  ): AsyncGenerator<RecordBatch> {
    const reader = new BatchReader(this.#schema, true);
    reader.begin(this.#blocks.schema);
    for (const message of await this.#readDictionaries()) reader.read(message);
    let rows = 0;
    for (const block of this.#blocksOf(split)) {
      signal.throwIfAborted();
      const batch = reader.read(await readBlock(this.#file, block));
      if (batch === undefined) throw corrupt('a batch of the footer is none');
      rows += batch.numRows;
      for (let from = 0; from < batch.numRows;) {
        signal.throwIfAborted();
        const to = endOfFit(batch, from, { rows: 0, bytes: 0 }, bounds);
        yield from === 0 && to === batch.numRows ? batch : batch.slice(from, to);
        from = to;
      }
    }
    if (rows !== split.rows) throw notOfThisFile();
  }

  #blocksOf({ first, count }: FileSplit): FileBlocks['batches'] {
    const { batches } = this.#blocks;
    const isKnown =
      typeof first === 'number' && typeof count === 'number' && first >= 0 && first + count <= batches.length;
    if (!isKnown) throw notOfThisFile();
    return batches.slice(first, first + count);
  }

  /** Of the whole file, once. */
  #readDictionaries(): Promise<readonly IpcMessage[]> {
    return (this.#dictionaries ??= Promise.all(this.#blocks.dictionaries.map((block) => readBlock(this.#file, block))));
  }
}

function selectedSchema({ fields, metadata }: Schema, columns: readonly string[] | undefined): Schema {
  const selected =
    columns?.map((name) => {
      const field = fields.find((candidate) => candidate.name === name);
      if (field !== undefined) return field;
      throw new SluiceError('FIELD_UNKNOWN', `column ${JSON.stringify(name)} is not there`, {
        hint: 'Check the name: upper and lower case differ.',
      });
    }) ?? fields;
  return new Schema(
    selected.map((field) => new Field(field.name, field.type, true, field.metadata)),
    metadata,
  );
}

function notOfThisFile(): SluiceError {
  return new SluiceError('SOURCE_CHANGED', 'a split is none of this Arrow file', { hint: 'Start a new run.' });
}
