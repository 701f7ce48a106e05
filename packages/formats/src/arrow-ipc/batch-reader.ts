import { SluiceError } from '@sluice/core';
import { type Data, type Field, makeData, RecordBatch, type Schema, Struct, Vector } from 'apache-arrow';
import type { DictionaryBatch, RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import { VectorLoader } from 'apache-arrow/visitor/vectorloader';

import { expectedColumns } from './expected-columns.ts';
import { corrupt, type IpcMessage } from './message-reader.ts';
import { isSound } from './sound-data.ts';

/** What the messages of a stream, or of a file, add up to: a schema, dictionaries, batches. */
export class BatchReader {
  readonly #expected: Schema | undefined;
  readonly #skipsOthers: boolean;
  /** For each field expected, which column of the file it is. */
  #columns: readonly number[] = [];
  readonly #dictionaries = new Map<number, Vector>();
  #schema: Schema | undefined;

  constructor(expected: Schema | undefined, skipsOthers: boolean) {
    this.#expected = expected;
    this.#skipsOthers = skipsOthers;
  }

  requireSchema(): Schema {
    if (this.#schema === undefined) throw corrupt('it does not begin with a schema');
    return this.#schema;
  }

  /** A batch, if the message is one. */
  read({ message, body }: IpcMessage): RecordBatch | undefined {
    try {
      if (message.isSchema()) this.begin(message.header());
      else if (message.isDictionaryBatch()) this.#readDictionary(message.header(), body);
      else if (message.isRecordBatch()) return this.#readBatch(message.header(), body);
      return undefined;
    } catch (cause) {
      throw SluiceError.is(cause) ? cause : corrupt('a message makes no sense', cause);
    }
  }

  /** @throws `SCHEMA_CHANGED` where it is not the one expected. */
  begin(schema: Schema): void {
    if (this.#schema !== undefined) throw corrupt('it has two schemas');
    nameAll(schema.fields);
    if (this.#expected !== undefined) {
      this.#columns = expectedColumns(schema, this.#expected, this.#skipsOthers);
    }
    this.#schema = schema;
  }

  #readDictionary(header: DictionaryBatch, body: Uint8Array): void {
    const type = this.requireSchema().dictionaries.get(header.id);
    if (type === undefined) throw corrupt('it has a dictionary that no column uses');
    const added = new Vector(this.#load(header.data, body, [type]));
    const known = this.#dictionaries.get(header.id);
    this.#dictionaries.set(header.id, header.isDelta && known !== undefined ? known.concat(added) : added);
  }

  #readBatch(header: BatchHeader, body: Uint8Array): RecordBatch {
    const schema = this.requireSchema();
    for (const id of schema.dictionaries.keys()) {
      if (!this.#dictionaries.has(id)) throw corrupt('a dictionary is missing');
    }
    const children = this.#load(header, body, schema.fields);
    const expected = this.#expected ?? schema;
    const columns = this.#expected === undefined ? children : this.#columns.map((index) => children[index]!);
    const type = new Struct(expected.fields);
    return new RecordBatch(expected, makeData({ type, length: header.length, nullCount: 0, children: columns }));
  }

  #load(header: BatchHeader, body: Uint8Array, types: readonly unknown[]): Data[] {
    if (header.compression !== null) {
      throw new SluiceError('CONFIG_INVALID', 'the buffers of an Arrow file are compressed, which is not supported', {
        hint: 'Write it without buffer compression.',
      });
    }
    if (header.buffers.some(({ offset, length }) => offset + length > body.length)) {
      throw corrupt('a buffer lies beyond its message');
    }
    const { metadataVersion } = this.requireSchema();
    const { nodes, buffers, variadicBufferCounts } = header;
    const loader = new VectorLoader(body, nodes, buffers, this.#dictionaries, metadataVersion, variadicBufferCounts);
    // It takes fields and types alike.
    const columns: Data[] = loader.visitMany(types as Field[]);
    if (!columns.every((data) => isSound(data, header.length))) throw corrupt('a column does not fit its buffers');
    return columns;
  }
}

/** Arrow leaves an empty name out and then reads it back as null. */
export function nameAll(fields: readonly Field[]): void {
  for (const field of fields) {
    // The declared type knows nothing of the null, and nobody else holds these fields yet.
    const decoded = field as { name: string | null };
    decoded.name ??= '';
    nameAll(field.type.children ?? []);
  }
}
