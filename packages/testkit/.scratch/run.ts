import { reportText, runChecks, testTable, rowsOf } from '../src/index.ts';
import { sinkHarness, sourceHarness } from '../test/memory-harness.ts';
for (const { field } of sourceHarness().columns) {
  try {
    const t = testTable({ columns: [sourceHarness().columns[0]!, { field }], identity: 'row_id', rows: 10 });
    const b = t.batch();
    rowsOf(b);
    rowsOf(b.slice(2, 5));
  } catch (e) {
    console.log(field.name, (e as Error).stack);
  }
}
if (process.argv[2])
  for (const h of [sourceHarness(), sinkHarness()])
    console.log(reportText(await runChecks(h, process.argv[3] ? { only: process.argv[3].split(',') } : {})));
