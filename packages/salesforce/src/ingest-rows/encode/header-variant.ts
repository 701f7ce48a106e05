import type { IngestPlan, PlannedColumn } from '../ingest-plan.ts';

/**
 * Which header a row is sent under. 0 is the plain one; in any other, each lookup whose key is null stands as the lookup
 * field itself, set to null. A part has a job for each variant that it has rows of. The same number means the same header
 * for one plan, in any process.
 */
export type HeaderVariant = number;

/** So many lookups have numbers of their own in a double. */
export const MAX_LOOKUPS = 52;

/** What a null in each column adds to the number of the header: 0 where it changes nothing. */
export function variantBits(columns: readonly PlannedColumn[], options: IngestPlan['options']): readonly number[] {
  let next = 1;
  return columns.map(({ lookupField, isRequired }) => {
    if (lookupField === undefined || isRequired === true || options.ignoreNullValues) return 0;
    const bit = next;
    next *= 2;
    return bit;
  });
}

/** Whether rows may go under several headers. */
export function hasVariants({ columns, options }: Pick<IngestPlan, 'columns' | 'options'>): boolean {
  return variantBits(columns, options).some((bit) => bit > 0);
}

/** Whether a variant has the lookup field itself in the place of a column. */
export function isReplaced(variant: HeaderVariant, bit: number): boolean {
  return bit > 0 && Math.floor(variant / bit) % 2 === 1;
}

/** The names of the columns under a variant. */
export function headerNames({ columns, options }: IngestPlan, variant: HeaderVariant): readonly string[] {
  const bits = variantBits(columns, options);
  return columns.map(({ header, lookupField }, index) =>
    isReplaced(variant, bits[index]!) ? (lookupField ?? header) : header,
  );
}
