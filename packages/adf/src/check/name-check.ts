import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';

/** Deployment schema Microsoft.DataFactory 2018-06-01, read 2026-11. */
export const MAX_NAME_CHARS = 260;
export const MAX_PIPELINE_NAME_CHARS = 140;
export const MAX_ACTIVITY_NAME_CHARS = 55;

const FIRST = /^[\p{L}\p{Nd}_]/u;
const FORBIDDEN = /[<>*#.%&:\\+?/]/u;

/** What the name of a definition or an activity may be. */
export function checkName(name: string, path: JsonPath, maxChars: number, report: ProblemReport): void {
  const hint = 'Rename it, and what refers to it.';
  if (name === '') report.error(path, 'the name is empty', { hint });
  else if (name.length > maxChars)
    report.error(path, `the name has ${name.length} characters; ${maxChars} are allowed`, { hint });
  if (name !== '' && !FIRST.test(name))
    report.error(path, 'the name begins with something else than a letter, a digit or _', { hint });
  const [character] = FORBIDDEN.exec(name) ?? [];
  if (character !== undefined) report.error(path, `the name holds ${JSON.stringify(character)}`, { hint });
}
