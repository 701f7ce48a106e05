import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempCheckout extends AsyncDisposable {
  readonly root: string;
}

/** A small repository of these files, removed when disposed of. What is not text is written as JSON. */
export async function tempCheckout(files: Readonly<Record<string, unknown>>): Promise<TempCheckout> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-checkout-'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** The manifest of a package as it should be. */
export function manifestOf(name: string): Readonly<Record<string, unknown>> {
  return {
    name: `@sluice/${name}`,
    description: 'Does one thing.',
    license: 'MIT',
    files: ['dist', 'src'],
    type: 'module',
    sideEffects: false,
    exports: { '.': entryOf('index') },
    engines: { node: '>=24' },
  };
}

/** An entry point as it should be. */
export function entryOf(module: string): Readonly<Record<string, string>> {
  return {
    '@sluice/source': `./src/${module}.ts`,
    types: `./dist/${module}.d.ts`,
    default: `./dist/${module}.js`,
  };
}
