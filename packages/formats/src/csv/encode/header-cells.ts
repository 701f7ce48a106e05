import { GrowingBytes } from '../../bits/growing-bytes.ts';
import type { CellDialect } from './cell-dialect.ts';
import { textWriter, writtenBytes } from './text-cells.ts';

/** A row of names. @throws `VALUE_INVALID` for a name that needs the quotes there are not. */
export function headerRow(names: readonly string[], dialect: CellDialect): Uint8Array {
  const out = new GrowingBytes();
  names.forEach((name, column) => {
    const bytes = Buffer.from(name);
    if (column > 0) out.appendBytes(dialect.delimiter);
    out.reserve(writtenBytes(bytes.length));
    out.length = textWriter(dialect, bytes, name)(out.bytes, out.length, 0, bytes.length);
  });
  out.appendBytes(dialect.lineEnd);
  return out.view().slice();
}
