import { SluiceError } from '@sluice/core';
import type { Field } from 'apache-arrow';

import { parseJsonPath } from './json-path.ts';
import type { JsonColumn, JsonMember } from './json-value-writer.ts';

interface OpenMember {
  readonly key: string;
  readonly content: JsonColumn | OpenMember[];
}

/**
 * The members of a row: columns where their paths say, others under their names.
 *
 * @throws `CONFIG_INVALID` for a path that leads into an array, or through another column.
 */
export function memberTree(fields: readonly Field[], paths: Readonly<Record<string, string>>): readonly JsonMember[] {
  const root: OpenMember[] = [];
  fields.forEach((field, index) => {
    const path = Object.hasOwn(paths, field.name) ? paths[field.name] : undefined;
    const steps = path === undefined ? [field.name] : parseJsonPath(path);
    const keys = steps.filter((step) => typeof step === 'string');
    const last = keys.at(-1);
    if (last === undefined || keys.length < steps.length) throw unwritable(field, 'leads to no member of an object');
    let members = root;
    for (const key of keys.slice(0, -1)) members = objectAt(members, key, field);
    if (members.some(({ key }) => key === last)) throw unwritable(field, 'is where another column is');
    members.push({ key: last, content: { field, index } });
  });
  return root;
}

function objectAt(members: OpenMember[], key: string, field: Field): OpenMember[] {
  const known = members.find((member) => member.key === key);
  if (known === undefined) {
    const content: OpenMember[] = [];
    members.push({ key, content });
    return content;
  }
  if ('field' in known.content) throw unwritable(field, 'leads through another column');
  return known.content;
}

function unwritable({ name }: Field, problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `json: the path of column ${JSON.stringify(name)} ${problem}`, {
    hint: 'Give each column a member of its own.',
  });
}
