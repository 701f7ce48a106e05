import type { FileEncoding, Json, PartId, Segment, StagedWrite, Writer } from '@sluice/core';

import type { FilesMessage } from './files-state.ts';

export interface PartStart {
  readonly part: PartId;
  readonly staged: StagedWrite;
  readonly encoding: FileEncoding;
  /** Length of the parts before it in the same file. */
  readonly startByte: number;
  /** Of the segment ahead of it in the same file. */
  readonly before: Json | undefined;
  /** Whether the part is a whole file, or one segment of a file that the commit ends. */
  readonly isFile: boolean;
}

/** Encodes a part into a staged file, bytes leaving as soon as the encoder gives them. */
export function partWriter({ part, staged, encoding, startByte, isFile, before }: PartStart): Writer<FilesMessage> {
  const encoder = encoding.segment(before);
  let rows = 0;
  let endByte = startByte;
  let segmentByte = startByte;
  let isStarted = false;

  async function put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await staged.write(bytes);
    endByte += bytes.length;
  }

  async function start(): Promise<void> {
    if (isStarted) return;
    isStarted = true;
    if (startByte === 0) await put(encoding.prologue());
    segmentByte = endByte;
  }

  return {
    async write(batch) {
      await start();
      for (const bytes of encoder.write(batch)) await put(bytes);
      rows += batch.numRows;
      return {};
    },
    async prepare() {
      await start();
      const { bytes, summary } = encoder.end();
      for (const piece of bytes) await put(piece);
      const segment: Segment = { byteOffset: segmentByte, summary };
      if (isFile) await put(encoding.epilogue([segment]));
      const token = await staged.prepare();
      return { version: 1, part, rows, token, endByte, ...(isFile ? {} : { segment }) };
    },
    [Symbol.asyncDispose]: () => staged[Symbol.asyncDispose](),
  };
}
