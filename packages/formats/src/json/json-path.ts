import { SluiceError } from '@sluice/core';

/** A step into a value: the key of a member, or the place of an element from 0. */
export type PathStep = string | number;

const STEP = /\.([^.[\]'"]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * The steps of a path such as `$['owner']['name']`, `$.lines[0].sku` or, from within a row, `['sku']` and `sku`.
 *
 * @throws `CONFIG_INVALID`
 */
export function parseJsonPath(path: string): readonly PathStep[] {
  const rest = path.startsWith('$') ? path.slice(1) : path;
  // A name alone needs no dot.
  const text = rest === '' || rest.startsWith('.') || rest.startsWith('[') ? rest : `.${rest}`;
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) {
      throw new SluiceError('CONFIG_INVALID', `json: ${JSON.stringify(path)} is no path into a JSON value`, {
        hint: "Write it as $['member'][0]['member'].",
      });
    }
    const [, dotted, index, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(dotted ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return steps;
}
