import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { checkOptions } from '../../src/options/option-problems.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { failureOf } from '../thrown.ts';

const schema = z.strictObject({
  operation: z.enum(['insert', 'upsert']).default('insert').meta({ description: 'What is done with each row.' }),
  rows: z.int().min(1).max(150).default(100).meta({ description: 'Rows of a job, at most.' }),
  key: z.string().min(1).optional().meta({ description: 'The column that tells rows apart.' }),
  columns: z.array(z.string().min(1).meta({ description: 'Name of a column.' })).optional(),
  proxy: z
    .union([z.url(), z.literal(false)])
    .optional()
    .meta({ description: 'Where to go through.' }),
  poll: z
    .strictObject({ firstMs: z.int().min(1).default(1).meta({ description: 'Before the first question.' }) })
    .prefault({})
    .meta({ description: 'How often to ask.' }),
});

describe('options of a plugin', () => {
  it('come with their defaults', () => {
    expect(parseOptions('a load', schema, { key: 'Id' })).toEqual({
      operation: 'insert',
      rows: 100,
      key: 'Id',
      poll: { firstMs: 1 },
    });
  });

  it.each<readonly [what: string, options: unknown, problem: string, description: string | undefined]>([
    ['a key that is none', { operaton: 'insert' }, 'operaton is not known; did you mean operation?', undefined],
    [
      'a key like no other',
      { zzz: 1 },
      'zzz is not known here; known are operation, rows, key, columns, proxy, poll',
      undefined,
    ],
    [
      'a word that is none of those known',
      { operation: 'merge' },
      'operation must be insert or upsert',
      'What is done with each row.',
    ],
    ['too small a number', { rows: 0 }, 'rows must be at least 1', 'Rows of a job, at most.'],
    ['too large a number', { rows: 1_000 }, 'rows must be at most 150', 'Rows of a job, at most.'],
    ['half a row', { rows: 1.5 }, 'rows must be a whole number', 'Rows of a job, at most.'],
    ['no text', { key: '' }, 'key is empty', 'The column that tells rows apart.'],
    [
      'a number in place of a text',
      { key: 5 },
      'key must be text: put it in quotes',
      'The column that tells rows apart.',
    ],
    ['an entry of a list', { columns: ['a', ''] }, 'columns[1] is empty', 'Name of a column.'],
    ['a URL that is none', { proxy: 'nowhere' }, 'proxy must be a URL', 'Where to go through.'],
    ['neither of two kinds', { proxy: 5 }, 'proxy is none of what it can be', 'Where to go through.'],
    ['a group in a group', { poll: { firstMs: 0 } }, 'poll.firstMs must be at least 1', 'Before the first question.'],
    ['what is no group', 'all', 'the options: must be a group of keys', undefined],
  ])('are refused for %s, with what the option is for', async (_what, options, problem, description) => {
    const error = await failureOf(() => parseOptions('a load', schema, options));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: `a load: ${problem}` });
    expect(error).toHaveProperty(
      'hint',
      ['Correct the options of a load.', ...(description === undefined ? [] : [description])]
        .map((line, i) => (i === 0 ? line : `${/^[\w.[\]]+/.exec(problem)![0]}: ${line}`))
        .join('\n'),
    );
  });

  it('are refused for everything at once, without what was given', async () => {
    const error = await failureOf(() => parseOptions('a load', schema, { rows: 'hunter2', key: 7, x: 'hunter2' }));

    expect(error).toMatchObject({
      message: expect.stringMatching(/^a load: rows must be a number; key must be text.*; x is not known here/),
      details: { problems: [{ path: 'rows' }, { path: 'key' }, { path: 'x' }] },
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('have no problem where there is none', () => {
    expect(checkOptions(schema, {})).toHaveProperty('data');
  });
});
