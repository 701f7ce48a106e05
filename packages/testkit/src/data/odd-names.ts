const LONG_NAME_BYTES = 255;

/** Names of columns that are no identifiers, or are words of some language. */
const ODD_NAMES: readonly string[] = [
  'select',
  'order by',
  'Name',
  'name',
  'Owner.Name',
  'with "quotes"',
  "with 'apostrophe'",
  'with `backtick`',
  '[brackets]',
  'ünïcödé',
  '名前',
  '../up',
  'a/b',
  'semi;colon, comma',
  '; DROP TABLE x; --',
  '__proto',
  'constructor',
  '1st',
];

/** Those that a name may be as long as, and one of the greatest length. */
export function namesWithin(maxNameBytes = LONG_NAME_BYTES): readonly string[] {
  const longest = 'n'.repeat(Math.min(maxNameBytes, LONG_NAME_BYTES));
  return [...ODD_NAMES.filter((name) => Buffer.byteLength(name) <= maxNameBytes), longest];
}
