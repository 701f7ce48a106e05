import type { RunAccount } from '@sluice/core';

import { plural } from './quantity-text.ts';

/** Where the rows of a run that was given up are; nothing of one that never had any. */
export function accountLines(account: RunAccount | undefined, target: string): readonly string[] {
  if (account === undefined || account.readRows === 0) return [];
  const { writtenRows, rejectedRows, inDoubtRows, unsentRows } = account;
  return [
    writtenRows === 0
      ? `none of its rows is known to be in ${target}`
      : `${plural(writtenRows, 'row')} of it are in ${target}, and stay there`,
    ...(rejectedRows === 0 ? [] : [`${plural(rejectedRows, 'row')} were rejected`]),
    ...(inDoubtRows === 0 ? [] : [`${plural(inDoubtRows, 'row')} may be there or not: nobody can say`]),
    ...(unsentRows === 0 ? [] : [`${plural(unsentRows, 'row')} were read and are not there`]),
  ].map((line) => `  ${line}`);
}
