import type { PartId } from '@sluice/core';

const SPLIT_DIGITS = 5;
const PART_DIGITS = 4;

/** `part-00000-0000.parquet`; with an appended run's number in front, `run-00001-part-00000-0000.parquet`, which sorts behind. */
export function partName({ split, part }: PartId, generation: number, extension: string): string {
  const prefix = generation === 0 ? '' : `run-${padded(generation, SPLIT_DIGITS)}-`;
  return `${prefix}part-${padded(split, SPLIT_DIGITS)}-${padded(part, PART_DIGITS)}${extension}`;
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
