/** Names Data Factory has that the standard has not, and what the standard calls them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'utf-8 without bom': 'utf-8',
  'us-ascii': 'windows-1252',
  'utf-7': '',
  'utf-32': '',
  'utf-32be': '',
};

/** The name of an encoding as `TextDecoder` has it; `undefined` for one it cannot read. */
export function findEncoding(name: string): string | undefined {
  const key = name.trim().toLowerCase();
  const known = Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key]! : key;
  try {
    return known === '' ? undefined : new TextDecoder(known).encoding;
  } catch {
    return undefined;
  }
}
