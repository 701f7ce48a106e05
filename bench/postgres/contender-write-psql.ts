import { measurePrepared } from '../harness/measure.ts';
import { CSV_FORM, prepareTable } from './bench-table.ts';
import { postgresInput } from './postgres-input.ts';
import { copyByPsql } from './psql.ts';
import { tableFacts } from './table-facts.ts';

await measurePrepared(
  async (given) => {
    const input = postgresInput.parse(given);
    await prepareTable(input);
    return input;
  },
  async (input) => {
    const childCpuMs = await copyByPsql(input, `${input.table} FROM '${input.path}' ${CSV_FORM}`);
    return async () => ({ ...(await tableFacts(input)), childCpuMs });
  },
);
