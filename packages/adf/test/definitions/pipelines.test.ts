import { describe, expect, it } from 'vitest';

import { crm, factoryOf, pipelineOf, reference } from './factory-files.ts';
import { after, errorsOf, wait } from './pipeline-factory.ts';

describe('a pipeline', () => {
  it('PL-01 PL-02 PL-07 is read with its defaults filled in', () => {
    const { factory, problems } = pipelineOf(
      [
        {
          name: 'Look',
          type: 'Lookup',
          typeProperties: { source: { type: 'SalesforceV2Source' }, dataset: reference('account', 'DatasetReference') },
        },
      ],
      {
        parameters: { a: { type: 'string' } },
        variables: { v: { type: 'array' } },
        concurrency: 2,
        annotations: ['x'],
        folder: { name: 'f' },
      },
    );

    expect(problems).toEqual([]);
    expect(factory.pipelines.get('LOAD')?.properties).toMatchObject({
      parameters: { a: { type: 'String' } },
      variables: { v: { type: 'Array' } },
      concurrency: 2,
      activities: [
        {
          state: 'Active',
          onInactiveMarkAs: 'Succeeded',
          dependsOn: [],
          policy: {
            timeout: '0.12:00:00',
            retry: 0,
            retryIntervalInSeconds: 30,
            secureInput: false,
            secureOutput: false,
          },
          typeProperties: { firstRowOnly: true },
        },
      ],
    });
  });

  it.each([
    ['PL-02 a negative retry', { policy: { retry: -1 } }, '[0].policy.retry: must be at least 0'],
    [
      'PL-02 a wait that is too short',
      { policy: { retryIntervalInSeconds: 5 } },
      '[0].policy.retryIntervalInSeconds: must be at least 30',
    ],
    [
      'PL-02 a time-out that is none',
      { policy: { timeout: '2h' } },
      '[0].policy.timeout: must be a time span such as 0.02:30:00 (days.hours:minutes:seconds)',
    ],
    [
      'PL-03 a flag that is none',
      { policy: { secureInput: 'yes' } },
      '[0].policy.secureInput: must be true or false, not a text',
    ],
    [
      'PL-04 a condition that is none',
      { dependsOn: [{ activity: 'A', dependencyConditions: ['Done'] }] },
      '[0].dependsOn[0].dependencyConditions[0]: must be "Succeeded" or "Failed" or "Skipped" or "Completed"',
    ],
    ['PL-07 a state that is none', { state: 'Paused' }, '[0].state: must be "Active" or "Inactive"'],
  ])('%s is refused', (_name, more, expected) => {
    const lookup = {
      name: 'A2',
      type: 'Lookup',
      typeProperties: { source: { type: 'SalesforceV2Source' }, dataset: reference('account', 'DatasetReference') },
    };

    expect(errorsOf([{ ...lookup, ...more }, wait('A')])).toContain(expected);
  });

  it('PL-04 refuses a dependency on what is not beside the activity, with the name that was meant', () => {
    const { problems } = pipelineOf([wait('First'), wait('Second', after('Frist'))]);

    expect(problems).toMatchObject([
      {
        path: 'properties.activities[1].dependsOn[0].activity',
        message: 'there is no activity "Frist" beside "Second"',
        hint: 'Did you mean "First"?',
      },
    ]);
  });

  it('PL-04 refuses circles, each once, naming those in it', () => {
    expect(
      errorsOf([wait('A', after('C')), wait('B', after('A')), wait('C', after('B')), wait('D', after('D'))]),
    ).toEqual([
      '[0].dependsOn: activities wait for each other: A waits for C waits for B waits for A',
      '[3].dependsOn: activities wait for each other: D waits for D',
    ]);
  });

  it('PL-06 refuses names that are taken, too long, or hold what names may not', () => {
    const each = {
      name: 'Each',
      type: 'ForEach',
      typeProperties: { items: '@createArray(1)', activities: [wait('a')] },
    };

    expect(errorsOf([wait('A'), each, wait('x'.repeat(56)), wait('a/b'), wait('-a'), wait('')])).toEqual([
      '[1].typeProperties.activities[0].name: another activity of the pipeline is called "a", too',
      '[2].name: the name has 56 characters; 55 are allowed',
      '[3].name: the name holds "/"',
      '[4].name: the name begins with something else than a letter, a digit or _',
      '[5].name: the name is empty',
    ]);
  });

  it('PL-01 counts activities and parameters as Data Factory does, and refuses too many only for parity', () => {
    const many = Array.from({ length: 121 }, (_, index) => wait(`A${index}`));
    const parameters = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, { type: 'Int' }]));

    expect(errorsOf(many, { parameters })).toEqual([]);
    expect(errorsOf(many, { parameters }, { strict: true })).toEqual([
      ': there are 121 activities; Data Factory takes 120',
      'parameters: there are 51 parameters; Data Factory takes 50',
    ]);
  });

  it('says everything that is wrong at once, also within an activity that cannot be read', () => {
    expect(
      errorsOf([
        {
          name: 'Bad',
          type: 'Copy',
          typeProperties: { source: { type: 'SalesforceV2Source', query: '@nothing()', pageSize: 0 } },
        },
        wait('Next', after('Bda')),
      ]),
    ).toEqual([
      '[0].inputs: is missing',
      '[0].outputs: is missing',
      '[0].typeProperties.sink: is missing',
      expect.stringMatching(/source.query: no function is called "nothing"/),
      '[0].typeProperties.source.pageSize: must be at least 1',
      expect.stringMatching(/there is no activity "Bda"/),
    ]);
  });

  it('CP-02 CF-08 refuses activities that cannot run, by name and code', () => {
    const { problems } = pipelineOf([
      { name: 'Call', type: 'WebActivity', typeProperties: { url: 'x' } },
      { name: 'Cal', type: 'WebActivty', typeProperties: {} },
    ]);

    expect(problems).toMatchObject([
      { code: 'CONNECTOR_MISSING', message: 'activities of type WebActivity cannot be run here' },
      { code: 'CONFIG_INVALID', hint: 'Did you mean "WebActivity"?' },
    ]);
  });
});

describe('problemsOf', () => {
  it('is of one pipeline and what it refers to, and lets the others be', () => {
    const read = factoryOf({
      linkedServices: { crm, broken: { ...crm, typeProperties: {} } },
      pipelines: { good: { activities: [wait('W')] }, bad: { activities: [wait('W', after('X'))] } },
    });

    read.requireValid('good');
    expect(read.problemsOf('GOOD')).toEqual([]);
    expect(() => read.requireValid('bad')).toThrow(/there is no activity "X"/);
    expect(() => read.requireValid()).toThrow(/5 problems\n {2}linkedService\/broken.json:5:/);
    expect(() => read.problemsOf('godo')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Did you mean "good"?' }),
    );
  });

  it('gives every problem as data, too', () => {
    const read = pipelineOf([wait('W', after('X'))]);
    const failure = ((): unknown => {
      try {
        return read.requireValid('load');
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toMatchObject({
      code: 'CONFIG_INVALID',
      details: {
        problems: [
          { file: 'pipeline/load.json', line: 13, column: 13, path: 'properties.activities[0].dependsOn[0].activity' },
        ],
      },
    });
  });
});
