/** Levels of calls within calls in an expression. */
export const MAX_EXPRESSION_DEPTH = 100;

/** Levels of arrays and objects within a value. */
export const MAX_VALUE_DEPTH = 500;

/** Values within one argument, counted as often as they are reached. */
export const MAX_VALUE_NODES = 5_000_000;

/** UTF-16 units of a text that a function gives. */
export const MAX_TEXT_CHARS = 2 ** 24;

/** Items that `range` gives: as many as a ForEach activity takes. */
export const MAX_RANGE_ITEMS = 100_000;
