/** What is to be said of a row: its number in the run, times four, plus one of these. Rows without a note were read. */
export const EMPTY: i32 = 0;
/** Read, after fraction digits were rounded away. */
export const ROUNDED: i32 = 1;
/** Not read: for the TypeScript twin, which knows every notation and says what is wrong. */
export const LEFT: i32 = 2;
/** No note. */
export const READ: i32 = 3;
