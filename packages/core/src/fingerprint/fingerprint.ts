import { createHash } from 'node:crypto';

import type { Json } from '../contract/json.ts';
import { checkJson } from '../json/json-check.ts';

/**
 * Recognises a configuration: SHA-256 in hexadecimal, the same whatever the order of properties and whether a property
 * is absent or undefined.
 *
 * @throws `CONTRACT_BROKEN` for what is not JSON, a secret among it.
 */
export function fingerprint(value: Json): string {
  checkJson(value, 'a configuration');
  return createHash('sha256').update(canonicalText(value)).digest('hex');
}

function canonicalText(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalText).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalText(member)}`);
  }
  return `{${members.join()}}`;
}

/** `Array.isArray` does not know readonly lists. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
