import type { Data } from 'apache-arrow';

/** A number that is sent and that the org keeps as another one. */
export const INEXACT = Symbol('inexact');

/** Opens the check of one column of a batch: what is wrong with the value of a row, undefined when nothing is. */
export type ValueCheck = (data: Data) => (row: number) => string | typeof INEXACT | undefined;
