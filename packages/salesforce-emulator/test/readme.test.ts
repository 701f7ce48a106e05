import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { UNVERIFIED_ERRORS, UNVERIFIED_ROW_ERRORS } from '../src/index.ts';
import * as emulator from '../src/index.ts';
import { optionRows } from './option-table.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(`${PACKAGE}README.md`, 'utf8');

/** Rows of the table below a heading, cells trimmed. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The functions that files of the faults folder export. */
async function faultFunctions(): Promise<readonly string[]> {
  const folder = new URL('../src/faults/', import.meta.url);
  const files = readdirSync(folder).filter((name) => /-(?:faults|markers)\.ts$/.test(name));
  const modules = await Promise.all(files.map(async (name) => (await import(new URL(name, folder).href)) as object));
  const names = modules.flatMap((module) => Object.keys(module)).filter((name) => name !== 'rowsWith');
  return names.filter((name) => name in emulator);
}

describe('the README', () => {
  it('lists every option as it is', () => {
    expect(optionRows().length).toBeGreaterThan(30);
    expect(table('Options')).toEqual(optionRows());
  });

  it('lists every fault and marker', async () => {
    const listed = ['Faults', 'Places in a body'].flatMap((heading) =>
      table(heading).map(([call = '']) => /^`(\w+)\(/.exec(call)?.[1]),
    );
    const functions = await faultFunctions();

    expect(functions.length).toBeGreaterThan(15);
    expect(new Set(listed)).toEqual(new Set(functions));
  });

  it('lists every refusal whose shape is not known', () => {
    const shapes = Object.entries(UNVERIFIED_ERRORS).map(([name, { status, errorCode, message }]) => {
      return [`\`${name}\``, String(status), `\`${errorCode}\``, message];
    });

    expect(table('Refusals nobody has recorded')).toEqual(shapes);
  });

  it('lists every row error whose text is not known', () => {
    const texts = Object.entries(UNVERIFIED_ROW_ERRORS).map(([name, text]) => [`\`${name}\``, `\`${text}\``]);

    expect(table('Row errors nobody has recorded')).toEqual(texts);
  });

  it('has an example that runs', async () => {
    const [, code = ''] = /```ts\n([^]*?)```/.exec(README) ?? [];
    const expected = [...code.matchAll(/\/\/ (.*)$/gm)].map(([, comment]) => comment);

    const args = ['--conditions=@sluice/source', '--input-type=module-typescript', '--eval', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PACKAGE });

    expect(stdout.trim().split('\n')).toEqual(expected);
  });
});
