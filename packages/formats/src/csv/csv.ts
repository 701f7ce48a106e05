export {
  csvDecoder,
  type CsvDecoder,
  type CsvDecoderOptions,
  type CsvDialect,
  type CsvEngine,
  type DecodedBatch,
  type ExcessDigits,
} from './csv-decoder.ts';
export { csv, type CsvFormatOptions } from './delimited-text.ts';
export { type HeaderRow, parseHeaderRow } from './header-row.ts';
