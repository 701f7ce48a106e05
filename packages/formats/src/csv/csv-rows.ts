export { type ByteCells, type ColumnBatch, isValid, openColumn, type Validity } from '../bits/column-batch.ts';
export { headerRow } from './encode/header-cells.ts';
export { type OpenCells, type RowLayout, type RowSelection, RowWriter } from './encode/row-writer.ts';
export { textCells, type TextCells, type TextDialect } from './encode/text-cells.ts';
