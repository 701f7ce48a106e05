export { type ArrowIpcOptions, arrowIpc } from './arrow-ipc/arrow-ipc-format.ts';
export { csvDecoder, type CsvDecoder, type CsvDecoderOptions } from './csv/csv-decoder.ts';
export { parquet, type ParquetOptions } from './parquet/parquet-format.ts';
