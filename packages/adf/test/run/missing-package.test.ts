import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

/** Runs a script in a factory, in a process that cannot find `@sluice/postgres`. */
const PROGRAM = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== '@sluice/postgres') return next(specifier, context);
      throw Object.assign(new Error('not there'), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
  const { readFactory, runPipeline } = await import('@sluice/adf');
  const text = (name, properties) => new TextEncoder().encode(JSON.stringify({ name, properties }));
  const typeProperties = { server: 'h', database: 'd', username: 'u', password: { type: 'SecureString', value: 'hush-hush' } };
  const linkedServiceName = { referenceName: 'db', type: 'LinkedServiceReference' };
  const script = { name: 'S', type: 'Script', linkedServiceName, typeProperties: { scripts: [{ text: 'SELECT 1' }] } };
  const { factory } = readFactory([
    { path: 'linkedService/db.json', bytes: text('db', { type: 'AzurePostgreSql', typeProperties }) },
    { path: 'pipeline/Main.json', bytes: text('Main', { activities: [script] }) },
  ]);
  const { run } = await runPipeline(factory, { pipeline: 'Main' });
  console.log(run.status, run.message);
`;

it('says which packages to install for PostgreSQL, where they are missing', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@sluice/source', '--input-type=module', '--eval', PROGRAM],
    { cwd: import.meta.dirname },
  );

  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^Failed .*ErrorCode=PLUGIN_MISSING.*the package @sluice\/postgres is not installed\. Install @sluice\/postgres, pg and pg-copy-streams\./,
  );
});
