import type { ByteRange, FileSplit, RandomAccess } from '@sluice/core';
import type { Message, Schema } from 'apache-arrow';
import { type FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';

import { nameAll } from './batch-reader.ts';
import { corrupt, decodeMetadata, type IpcMessage } from './message-reader.ts';

/** `ARROW1`, at either end of a file; at the start, with padding to eight bytes. */
export const FILE_MAGIC = new TextEncoder().encode('ARROW1');
export const FILE_START_BYTES = 8;
const CONTINUATION = 0xffff_ffff;
/** Behind the footer: its length, and the magic again. */
const TAIL_BYTES = 4 + FILE_MAGIC.length;
/** Read at once from the end; most footers fit. */
const END_BYTES = 65_536;
/** Batches are put together to splits of so many bytes. */
const SPLIT_BYTES = 16 * 1_048_576;
const PARALLEL_READS = 8;

/** What the footer of a file says. */
export interface FileBlocks {
  readonly schema: Schema;
  readonly dictionaries: readonly FileBlock[];
  readonly batches: readonly FileBlock[];
}

/** @throws `FILE_CORRUPT` */
export async function readFooter(file: RandomAccess): Promise<FileBlocks> {
  if (file.byteLength < FILE_START_BYTES + TAIL_BYTES) throw corrupt('it is too short to be an Arrow file');
  const start = await file.read({ start: 0, end: FILE_MAGIC.length });
  let end = await file.read({ start: Math.max(0, file.byteLength - END_BYTES), end: file.byteLength });
  if (!isMagic(start, 0) || !isMagic(end, end.length - FILE_MAGIC.length)) {
    throw corrupt('it does not begin and end as an Arrow file does');
  }
  const footerBytes = new DataView(end.buffer, end.byteOffset).getInt32(end.length - TAIL_BYTES, true);
  const footerEnd = file.byteLength - TAIL_BYTES;
  if (footerBytes <= 0 || footerBytes > footerEnd - FILE_START_BYTES) throw corrupt('its footer has no length');
  if (footerBytes + TAIL_BYTES > end.length) {
    end = await file.read({ start: footerEnd - footerBytes, end: file.byteLength });
  }
  try {
    const footer = Footer.decode(end.slice(end.length - TAIL_BYTES - footerBytes, end.length - TAIL_BYTES));
    const blocks = {
      schema: footer.schema,
      dictionaries: [...footer.dictionaryBatches()],
      batches: [...footer.recordBatches()],
    };
    nameAll(blocks.schema.fields);
    for (const block of [...blocks.dictionaries, ...blocks.batches]) requireInside(block, footerEnd);
    return blocks;
  } catch (cause) {
    throw corrupt('its footer makes no sense', cause);
  }
}

/** Runs of batches, with their rows, which their headers tell. */
export async function splitsOf(
  file: RandomAccess,
  batches: readonly FileBlock[],
  signal: AbortSignal,
): Promise<readonly FileSplit[]> {
  const rows = await rowsOf(file, batches, signal);
  const splits: FileSplit[] = [];
  for (let first = 0; first < batches.length;) {
    let count = 0;
    let bytes = 0;
    let splitRows = 0;
    do {
      const block = batches[first + count]!;
      bytes += block.metaDataLength + block.bodyLength;
      splitRows += rows[first + count]!;
      count++;
    } while (first + count < batches.length && bytes < SPLIT_BYTES);
    splits.push({ rows: splitRows, bytes, first, count });
    first += count;
  }
  return splits;
}

export async function readBlock(
  file: RandomAccess,
  { offset, metaDataLength, bodyLength }: FileBlock,
): Promise<IpcMessage> {
  const bytes = await file.read({ start: offset, end: offset + metaDataLength + bodyLength });
  const message = metadataOf(bytes.subarray(0, metaDataLength));
  if (message.bodyLength !== bodyLength) throw corrupt('a message is not as long as the footer says');
  // Columns look at it in words.
  return { message, body: bytes.slice(metaDataLength) };
}

async function rowsOf(
  file: RandomAccess,
  batches: readonly FileBlock[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const rows: number[] = [];
  for (let first = 0; first < batches.length; first += PARALLEL_READS) {
    signal.throwIfAborted();
    const some = batches.slice(first, first + PARALLEL_READS).map(async (block) => {
      return rowsOfBatch(metadataOf(await file.read(metadataRange(block))));
    });
    rows.push(...(await Promise.all(some)));
  }
  return rows;
}

function rowsOfBatch(message: Message): number {
  let rows: number | undefined;
  try {
    // What it says is read when it is asked.
    rows = message.isRecordBatch() ? message.header().length : undefined;
  } catch (cause) {
    throw corrupt('a message makes no sense', cause);
  }
  if (rows === undefined || !(rows >= 0)) throw corrupt('a batch of the footer is none');
  return rows;
}

/** Behind the continuation mark, which files of the first versions lack, and the length. */
function metadataOf(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefix = bytes.length >= 8 && view.getUint32(0, true) === CONTINUATION ? 8 : 4;
  const length = bytes.length < prefix ? -1 : view.getInt32(prefix - 4, true);
  if (length <= 0 || prefix + length > bytes.length) throw corrupt('a message is not as long as the footer says');
  return decodeMetadata(bytes.slice(prefix, prefix + length));
}

function metadataRange({ offset, metaDataLength }: FileBlock): ByteRange {
  return { start: offset, end: offset + metaDataLength };
}

function requireInside({ offset, metaDataLength, bodyLength }: FileBlock, end: number): void {
  const isInside =
    offset >= FILE_START_BYTES && metaDataLength > 0 && bodyLength >= 0 && offset + metaDataLength + bodyLength <= end;
  if (!isInside) throw corrupt('a batch lies beyond the file');
}

function isMagic(bytes: Uint8Array, at: number): boolean {
  return FILE_MAGIC.every((byte, i) => bytes[at + i] === byte);
}
