import { parquetReadObjects } from 'hyparquet';

/** The numbers in the first column. */
export async function numbersIn(file: Buffer): Promise<readonly number[]> {
  const buffer = new ArrayBuffer(file.length);
  new Uint8Array(buffer).set(file);
  const rows = await parquetReadObjects({ file: buffer });
  return rows.map((row) => Number(row['n']));
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
