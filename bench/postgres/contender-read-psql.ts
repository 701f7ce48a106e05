import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';

import { measure } from '../harness/measure.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { postgresInput } from './postgres-input.ts';
import { copyByPsql } from './psql.ts';

await measure(async (given) => {
  const input = postgresInput.parse(given);
  const path = `${input.path}.out`;
  const childCpuMs = await copyByPsql(input, `${input.table} TO '${path}' (FORMAT csv, HEADER)`);
  return async () => {
    const { csvBytes: _, ...facts } = await csvFacts(createReadStream(path));
    await rm(path);
    return { ...facts, childCpuMs };
  };
});
