import type { PartId } from '@sluice/core';

const SPLIT_DIGITS = 5;
const PART_DIGITS = 4;

/** `part-00000-0000.parquet`; with an appended run's number in front, `run-00001-part-00000-0000.parquet`, which sorts behind. */
export function partName(
  { split, part }: Pick<PartId, 'split' | 'part'>,
  generation: number,
  extension: string,
): string {
  const prefix = generation === 0 ? '' : `run-${padded(generation, SPLIT_DIGITS)}-`;
  return `${prefix}part-${padded(split, SPLIT_DIGITS)}-${padded(part, PART_DIGITS)}${extension}`;
}

/** `data_00000.parquet`; with the split in front from the second on, `data_00001_00000.parquet`. */
export function numberedName(
  { split, part }: Pick<PartId, 'split' | 'part'>,
  prefix: string,
  extension: string,
): string {
  const ofSplit = split === 0 ? '' : `${padded(split, SPLIT_DIGITS)}_`;
  return `${prefix}_${ofSplit}${padded(part, SPLIT_DIGITS)}${extension}`;
}

/** Whether a file in the folder is called so. */
export function isNumbered(name: string, prefix: string, extension: string): boolean {
  if (!name.startsWith(`${prefix}_`) || !name.endsWith(extension)) return false;
  return /^(?:\d{5,}_)?\d{5,}$/.test(name.slice(prefix.length + 1, name.length - extension.length));
}

/** What a run that appends to these files (paths in the folder) has in front of its names: 0 for an empty folder. */
export function nextGeneration(names: readonly string[]): number {
  let last = names.length === 0 ? -1 : 0;
  for (const name of names) {
    const found = /^run-(\d+)-part-/.exec(name);
    if (found !== null) last = Math.max(last, Number(found[1]));
  }
  return last + 1;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
