import { GrowingBytes } from '../../bits/growing-bytes.ts';
import { textCells, type TextDialect } from './text-cells.ts';

/** A row of names. */
export function headerRow(names: readonly string[], dialect: TextDialect, lineEnd: Uint8Array): Uint8Array {
  const out = new GrowingBytes();
  names.forEach((name, column) => {
    const bytes = Buffer.from(name);
    const cell = textCells(dialect, { bytes, offsets: Int32Array.of(0, bytes.length), codes: undefined });
    out.reserve(bytes.length * 2 + 4);
    if (column > 0) out.appendByte(dialect.delimiter);
    out.length = cell.write(out.bytes, out.length, 0);
  });
  out.appendBytes(lineEnd);
  return out.view().slice();
}
