import { copy, fromBatches, type Journal, sqliteJournal } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores/local';
import { testTable } from '@sluice/testkit';
import { Field, Int32, Utf8 } from 'apache-arrow';

import { files } from '../src/files/files-sink.ts';

const [out = '', journalFolder = '', path = '', killAt = '', when = ''] = process.argv.slice(2);

const table = testTable({
  columns: [{ field: new Field('id', new Utf8(), true) }, { field: new Field('n', new Int32(), true) }],
  identity: 'id',
  rows: 100,
});

/** The journal, whose process kills itself at one of its appends, as hard as the system can. */
function deadly(journal: Journal, append: number): Journal {
  let appends = 0;
  return {
    ...journal,
    async open(id) {
      const run = await journal.open(id);
      const kill = (): boolean => process.kill(process.pid, 'SIGKILL');
      return {
        id,
        entries: run.entries,
        async append(entry) {
          const isLast = appends++ === append;
          if (isLast && when === 'before') kill();
          await run.append(entry);
          if (isLast) kill();
        },
        [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
      };
    },
  };
}

const batches = Array.from({ length: 10 }, (_, i) => table.batch(i * 10, i * 10 + 10));
const journal = sqliteJournal(journalFolder);
const receipt = await copy({
  id: 'run',
  journal: killAt === '' ? journal : deadly(journal, Number(killAt)),
  from: fromBatches(table.schema, batches),
  to: files({ store: localStore(out), path, format: parquet(), partRows: 25 }),
});
const entries = (await journal.peek('run'))?.length ?? 0;
process.stdout.write(JSON.stringify({ written: receipt.writtenRows, entries }));
