import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Cells as they are stored, decimals as exact text. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** The rows of every Parquet file in a folder, in the order of the files' names. */
export async function parquetRowsIn(folder: string): Promise<readonly StoredRow[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet')).sort();
  const files = await Promise.all(names.map(async (name) => await rowsOfFile(await readFile(join(folder, name)))));
  return files.flat();
}

async function rowsOfFile(bytes: Buffer): Promise<readonly StoredRow[]> {
  const file = new ArrayBuffer(bytes.length);
  new Uint8Array(file).set(bytes);
  const metadata = parquetMetadata(file);
  const scales = withoutConversions(metadata);
  const rows = await parquetReadObjects({ file, metadata, compressors });
  for (const [name, scale] of scales) {
    for (const row of rows) if (row[name] != null) row[name] = decimalText(unscaled(row[name]), scale);
  }
  return rows;
}

/** hyparquet would make floats of decimals and dates of instants. Returns the scales of the decimals. */
function withoutConversions({ schema }: FileMetaData): ReadonlyMap<string, number> {
  const scales = new Map<string, number>();
  for (const element of schema) {
    if (element.converted_type === 'DECIMAL') scales.set(element.name, element.scale ?? 0);
    if (element.converted_type === 'UTF8') continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  return scales;
}

function unscaled(value: unknown): bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
  // A fixed number of bytes, the highest first.
  const bytes = Buffer.from(value as Uint8Array);
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return value < 0n ? `-${text}` : text;
}

/** The shortest text of a double, rounded half away from zero to so many fraction digits: by whole numbers alone. */
export function doubleAsDecimal(value: number, scale: number): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent) - fraction.length + scale;
  const digits = BigInt(whole + fraction);
  const power = 10n ** BigInt(Math.abs(shift));
  const scaled = shift >= 0 ? digits * power : (digits * 2n + power) / (power * 2n);
  return decimalText(sign === '-' ? -scaled : scaled, scale);
}
