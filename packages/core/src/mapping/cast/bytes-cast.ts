import { isUtf8 } from 'node:buffer';

import { type Data, DataType } from 'apache-arrow';

import { forEachValidRun } from '../../arrow/validity.ts';
import { nullsOf } from '../column-nulls.ts';
import { isBytesType, isTextType } from '../column-reader.ts';
import type { FailRow } from '../failed-rows.ts';
import { rowBytes } from '../row-bytes.ts';
import { TextWriter } from '../text-writer.ts';
import type { CastKernel } from './cast-kernel.ts';

/** Between texts and bytes of any layout, views only as what is read. Undefined for other types. */
export function bytesCast(from: DataType, to: DataType): CastKernel | undefined {
  if (!isTextType(from) && !isBytesType(from)) return undefined;
  if ((!isTextType(to) && !isBytesType(to)) || isView(to)) return undefined;
  const isChecked = isTextType(to) && isBytesType(from);
  if (!isChecked && isSmall(from) && isSmall(to)) return (data) => data.clone(to);
  return (data, fail) => copyBytes(data, to, isChecked, fail);
}

function copyBytes(data: Data, to: DataType, isChecked: boolean, fail: FailRow): Data {
  const width = DataType.isFixedSizeBinary(to) ? to.byteWidth : undefined;
  const writer = new TextWriter(data.length, width);
  const at = rowBytes(data);
  forEachValidRun(data, 0, data.length, (from, end) => {
    for (let row = from; row < end; row++) {
      at.seek(row);
      if (isChecked && !isUtf8(at.bytes.subarray(at.start, at.end))) fail(row, 'expected UTF-8');
      else if (width !== undefined && at.end - at.start !== width) fail(row, `expected ${width} bytes`);
      else writer.writeBytes(row, at.bytes, at.start, at.end);
    }
  });
  return writer.finish(to, nullsOf(data));
}

function isView(type: DataType): boolean {
  return DataType.isUtf8View(type) || DataType.isBinaryView(type);
}

/** With offsets of 32 bits. */
function isSmall(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isBinary(type);
}
