export { type ByteCells, type ColumnBatch, isValid, openColumn, type Validity } from '../bits/column-batch.ts';
export { type CellDialect, cellDialect, type CellDialectOptions } from './encode/cell-dialect.ts';
export { headerRow } from './encode/header-cells.ts';
export { type OpenCells, type RowSelection, RowWriter } from './encode/row-writer.ts';
export { textCells, type TextCells } from './encode/text-cells.ts';
