export { arrowFile, type ArrowIpcOptions, arrowIpc } from './arrow-ipc/arrow-ipc-format.ts';
export { csvDecoder, type CsvDecoder, type CsvDecoderOptions } from './csv/csv-decoder.ts';
export { csv, type CsvFormatOptions } from './csv/delimited-text.ts';
export { json, type JsonFormatOptions } from './json/json-format.ts';
export { parquet, type ParquetOptions } from './parquet/parquet-format.ts';
