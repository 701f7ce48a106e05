// The kernel of the Parquet reader, in AssemblyScript; what it exports is declared in src/parquet/decode/page-kernel.ts.
export { uncompressSnappy } from './snappy';
