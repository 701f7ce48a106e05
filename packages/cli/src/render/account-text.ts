import type { RunAccount } from '@sluice/core';

import { countText } from './quantity-text.ts';

/** Where the rows of a run are that did not finish; nothing of one that never had any. */
export function accountLines(account: RunAccount | undefined, target: string): readonly string[] {
  if (account === undefined || account.readRows === 0) return [];
  const { writtenRows, rejectedRows, inDoubtRows, unsentRows } = account;
  return [
    ...(writtenRows === 0
      ? [`none of its rows is known to be in ${target}`]
      : rowsLine(writtenRows, `of it is in ${target}, and stays there`, `of it are in ${target}, and stay there`)),
    ...rowsLine(rejectedRows, 'was rejected', 'were rejected'),
    ...rowsLine(inDoubtRows, 'may be there or not: nobody can say', 'may be there or not: nobody can say'),
    ...rowsLine(unsentRows, 'was read and is not there', 'were read and are not there'),
  ].map((line) => `  ${line}`);
}

function rowsLine(count: number, one: string, many: string): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? `1 row ${one}` : `${countText(count)} rows ${many}`];
}
