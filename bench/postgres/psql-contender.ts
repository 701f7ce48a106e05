import type { Contender, Suite } from '../harness/contender.ts';
import type { ContenderOf } from './bench-database.ts';
import { hasPsql } from './psql.ts';

const NAME = 'psql \\copy';

/** The contender, if there is a psql on this machine. */
export function ofPsql(
  contender: ContenderOf,
  file: string,
  more: Partial<Contender>,
  what: string,
): readonly Contender[] {
  const caveat = `${what}; memory is that of the process that starts it`;
  return hasPsql() ? [contender(NAME, file, { ...more, caveat })] : [];
}

export function absentPsql(): Pick<Suite, 'absent'> {
  return hasPsql() ? {} : { absent: [NAME] };
}
