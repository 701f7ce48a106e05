export {
  CELL_READ,
  CELL_ROUNDED,
  CELL_TOO_FINE,
  CELL_TOO_LARGE,
  CELL_UNREADABLE,
  type CellParser,
  type CellStatus,
} from './cell-parser.ts';
export { type CellEncoder, type ValueCells, valueCells } from './value-cells.ts';
export { type WordCells, wordCells } from './word-cells.ts';
