import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

const MAGIC_BYTES = 4;

/** The file with another footer. */
export function withFooter(file: Buffer, change: (metadata: FileMetaData) => void): Buffer {
  const metadata = parquetMetadata(new Uint8Array(file).buffer);
  for (const { meta_data: chunk } of metadata.row_groups.flatMap(({ columns }) => columns)) delete chunk?.statistics;
  change(metadata);
  const writer = new ByteWriter();
  writeMetadata(writer, metadata);
  const end = file.length - file.readUInt32LE(file.length - 8) - 8;
  return Buffer.concat([file.subarray(0, end), writer.getBytes(), file.subarray(file.length - MAGIC_BYTES)]);
}
