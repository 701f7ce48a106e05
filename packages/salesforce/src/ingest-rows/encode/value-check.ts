import type { Data } from 'apache-arrow';

/** A number that is sent and that the org keeps as another one. */
export const INEXACT = Symbol('inexact');

/** A picklist value that is sent and that the picklist does not have. */
export const UNLISTED = Symbol('unlisted');

/** What is wrong with a value, never naming it; or what is worth counting. */
export type ValueFault = string | typeof INEXACT | typeof UNLISTED;

/** Opens the check of one column of a batch: what is wrong with the value of a row, undefined when nothing is. */
export type ValueCheck = (data: Data) => (row: number) => ValueFault | undefined;
