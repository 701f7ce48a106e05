import { describe, expect, it } from 'vitest';

import { crm, factoryOf, messagesOf, pipelineOf, reference } from './factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

const wait = (name: string, more: Json = {}): Json => ({
  name,
  type: 'Wait',
  typeProperties: { waitTimeInSeconds: 1 },
  ...more,
});

const after = (...names: readonly string[]): Json => ({
  dependsOn: names.map((activity) => ({ activity, dependencyConditions: ['Succeeded'] })),
});

/** Errors of a pipeline of these activities, their paths without what all have in common. */
function errorsOf(
  activities: readonly Json[],
  more: Json = {},
  options?: Parameters<typeof pipelineOf>[2],
): readonly string[] {
  return messagesOf(pipelineOf(activities, more, options)).map((text) =>
    text.replace(/^properties\.(activities)?/, ''),
  );
}

const setVariable = (name: string, value: unknown): Json => ({
  name: 'Set',
  type: 'SetVariable',
  typeProperties: { variableName: name, value },
});

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

describe('expressions of a pipeline', () => {
  const text = (value: string): Json => ({
    name: 'T',
    type: 'Fail',
    typeProperties: { message: value, errorCode: '1' },
  });

  it.each([
    ['EX-01 syntax', '@concat(', /an expression|expected/],
    ['EX-03 an unknown function', '@concta(1)', /no function is called "concta"/],
    ['EX-03 a wrong number of arguments', '@utcNow(1, 2)', /utcNow\(.*takes/],
    ['EX-02 a parameter that is not declared', '@pipeline().parameters.b', /there is no parameter "b"; there is: a/],
    ['EX-02 a variable that is not declared', "@{variables('w')}", /there is no variable "w"; there is: v/],
    ['EX-02 item outside of a loop', '@item()', /only within a ForEach or Filter/],
    ['EX-02 a dataset', '@dataset().x', /only within a dataset/],
    ['EX-05 a date format that is none', "@utcNow('q')", /format/],
  ])('%s is found without running', (_name, value, expected) => {
    expect(
      errorsOf([text(value)], { parameters: { a: { type: 'Int' } }, variables: { v: { type: 'String' } } }),
    ).toEqual([expect.stringMatching(expected)]);
  });

  it('EX-07 may stand wherever a value may, as an object or a text', () => {
    const properties = {
      source: {
        type: 'SalesforceV2Source',
        query: { value: 'SELECT Id FROM @{pipeline().parameters.a}', type: 'expression' },
        pageSize: '@pipeline().parameters.a',
        includeDeletedObjects: { value: '@equals(1, 1)', type: 'Expression' },
        partitionOption: "@{concat('No', 'ne')}",
        queryTimeout: '@concat()',
      },
      sink: { type: 'ParquetSink' },
    };

    expect(
      errorsOf(
        [
          {
            name: 'C',
            type: 'Copy',
            inputs: [reference('account', 'DatasetReference')],
            outputs: [reference('parquet', 'DatasetReference')],
            typeProperties: properties,
          },
        ],
        { parameters: { a: { type: 'String' } } },
      ),
    ).toEqual([expect.stringMatching(/queryTimeout: concat\(/)]);
  });

  it('EX-02 reach activities upstream, however far, and no others', () => {
    const reads = (name: string): Json => text(`@activity('${name}').output`);
    const activities = [
      wait('A'),
      wait('B', after('A')),
      wait('C'),
      { ...reads('A'), name: 'Far', ...after('B') },
      { ...reads('C'), name: 'Other', ...after('B') },
    ];

    expect(errorsOf(activities)).toEqual([
      expect.stringMatching(/^\[4\].*there is no activity upstream "C"; there is: B, A/),
    ]);
  });

  it('EX-02 within an activity reach what is upstream of it, and beside each other', () => {
    const inner = [
      wait('Inner'),
      { ...text("@{activity('A').output}@{activity('Inner').output}@{item()}"), ...after('Inner') },
    ];
    const each = {
      name: 'Each',
      type: 'ForEach',
      typeProperties: { items: "@activity('A').output.value", activities: inner },
      ...after('A'),
    };

    expect(errorsOf([wait('A'), each])).toEqual([]);
    expect(
      errorsOf([wait('A'), each, { ...text("@activity('Inner').output"), name: 'Out', ...after('Each') }]),
    ).toHaveLength(1);
  });

  it('CF-03 of the condition of an Until reach what it repeats', () => {
    const until = {
      name: 'U',
      type: 'Until',
      typeProperties: { expression: "@equals(activity('Ask').Status, 'Succeeded')", activities: [wait('Ask')] },
    };

    expect(errorsOf([until])).toEqual([]);
  });

  it('EX-02 know global parameters where it is known which there are', () => {
    const activities = [text('@pipeline().globalParameters.env')];

    expect(errorsOf(activities)).toEqual([]);
  });
});

describe('control activities', () => {
  const each = (typeProperties: Json): Json => ({
    name: 'Each',
    type: 'ForEach',
    typeProperties: { items: '@createArray(1)', activities: [], ...typeProperties },
  });

  it.each([
    ['CF-01 more than 50 at once', { batchCount: 51 }, '[0].typeProperties.batchCount: must be at most 50'],
    ['CF-01 no items', { items: undefined }, '[0].typeProperties.items: is missing'],
    ['CF-01 items that are written out', { items: [1] }, '[0].typeProperties.items: must be an object, not a list'],
    [
      'CF-01 order that is no flag',
      { isSequential: 1 },
      '[0].typeProperties.isSequential: must be true or false, not a number',
    ],
  ])('%s', (_name, changes, expected) => {
    expect(errorsOf([each(changes)])).toEqual([expected]);
  });

  it('CF-01 loops are refused within each other, branches within branches', () => {
    const branch = (name: string, inner: Json): Json => ({
      name,
      type: 'IfCondition',
      typeProperties: { expression: '@equals(1, 1)', ifTrueActivities: [inner] },
    });
    const inner = { ...each({}), name: 'Inner' };

    expect(errorsOf([each({ activities: [inner] })])).toEqual([
      '[0].typeProperties.activities[0].type: ForEach cannot be within ForEach',
    ]);
    expect(errorsOf([branch('If', inner)])).toEqual([
      '[0].typeProperties.ifTrueActivities[0].type: ForEach cannot be within IfCondition',
    ]);
    expect(errorsOf([branch('If', branch('If2', wait('W')))])).toHaveLength(1);
  });

  it('CF-01 branches within loops are refused only for parity with the page', () => {
    const activities = [
      each({ activities: [{ name: 'If', type: 'IfCondition', typeProperties: { expression: '@equals(1, 1)' } }] }),
    ];

    expect(errorsOf(activities)).toEqual([]);
    expect(errorsOf(activities, {}, { strict: true })).toHaveLength(1);
  });

  it('CF-02 a branch needs a condition, a switch cases that differ', () => {
    const cases = [{ value: 'a', activities: [] }, { value: 'a' }, { activities: [] }];

    expect(errorsOf([{ name: 'If', type: 'IfCondition', typeProperties: {} }])).toEqual([
      '[0].typeProperties.expression: is missing',
    ]);
    expect(errorsOf([{ name: 'S', type: 'Switch', typeProperties: { on: '@string(1)', cases } }])).toEqual([
      '[0].typeProperties.cases[2].value: is missing',
    ]);
    expect(
      errorsOf([{ name: 'S', type: 'Switch', typeProperties: { on: '@string(1)', cases: cases.slice(0, 2) } }]),
    ).toEqual(['[0].typeProperties.cases[1].value: another case has the same value']);
  });

  it('CF-03 an Until takes at most 90 days', () => {
    const until = (timeout: string): Json => ({
      name: 'U',
      type: 'Until',
      typeProperties: { expression: '@equals(1, 1)', timeout, activities: [] },
    });

    expect(errorsOf([until('90.00:00:00')])).toEqual([]);
    expect(errorsOf([until('90.00:00:01')])).toEqual(['[0].typeProperties.timeout: must be at most 90 days']);
  });

  it.each([
    ['CF-04 an unknown variable', setVariable('w', 1), 'variableName: the pipeline has no variable "w"'],
    ['CF-04 a value of another type', setVariable('flag', 'maybe'), 'value: is no value of type Bool'],
    ['CF-04 a text for a list', setVariable('list', 'x'), 'value: is no value of type Array'],
    ['CF-04 no value', setVariable('text', undefined), 'value: is missing'],
    [
      'CF-04 itself',
      setVariable('text', "@concat(variables('TEXT'), 'x')"),
      'value: reads the variable "text", which it sets',
    ],
  ])('%s cannot be set', (_name, activity, expected) => {
    const variables = { flag: { type: 'Bool' }, list: { type: 'Array' }, text: { type: 'String' } };

    expect(errorsOf([activity], { variables })).toEqual([`[0].typeProperties.${expected}`]);
  });

  it('CF-04 only a list can be appended to', () => {
    const append = (variableName: string): Json => ({
      name: 'A',
      type: 'AppendVariable',
      typeProperties: { variableName, value: 1 },
    });
    const variables = { list: { type: 'Array' }, text: { type: 'String' } };

    expect(errorsOf([append('list')], { variables })).toEqual([]);
    expect(errorsOf([append('text')], { variables })).toEqual([
      '[0].typeProperties.variableName: the variable is of type String; only an Array can be appended to',
    ]);
  });

  it('CF-04 CF-05 return values are set under their one name', () => {
    const returns = (variableName: string): Json => ({
      name: 'R',
      type: 'SetVariable',
      typeProperties: {
        variableName,
        setSystemVariable: true,
        value: [{ key: 'rows', value: { type: 'Int', content: 5 } }],
      },
    });

    expect(errorsOf([returns('pipelineReturnValue')])).toEqual([]);
    expect(errorsOf([returns('rows')])).toEqual([
      '[0].typeProperties.variableName: must be "pipelineReturnValue" where setSystemVariable is true',
    ]);
  });

  it('CF-05 a pipeline that is run has to be there, gets what it needs, and does not run its caller', () => {
    const run = (name: string, parameters?: Json): Json => ({
      activities: [
        {
          name: 'Run',
          type: 'ExecutePipeline',
          typeProperties: {
            pipeline: reference(name, 'PipelineReference'),
            ...(parameters === undefined ? {} : { parameters }),
          },
        },
      ],
    });
    const child = { activities: [], parameters: { day: { type: 'String' } } };

    expect(messagesOf(factoryOf({ pipelines: { a: run('child', { day: '@utcNow()' }), child } }))).toEqual([]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('child'), child } }))).toEqual([
      'properties.activities[0].typeProperties.pipeline: the pipeline "child" needs a value for its parameter "day"',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('chld'), child } }))).toEqual([
      'properties.activities[0].typeProperties.pipeline.referenceName: there is no pipeline "chld"',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('b'), b: run('a') } }))).toEqual([
      'properties: pipelines run each other in a circle: a, b, a',
      'properties: pipelines run each other in a circle: b, a, b',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('child', { day: 1, night: 2 }), child } }), 'warning')).toEqual([
      'properties.activities[0].typeProperties.parameters.night: the pipeline "child" has no such parameter; the value has no effect',
    ]);
  });

  it.each([
    ['CF-06 a wait without a time', { type: 'Wait', typeProperties: {} }, 'waitTimeInSeconds: is missing'],
    [
      'CF-06 a wait of less than nothing',
      { type: 'Wait', typeProperties: { waitTimeInSeconds: -1 } },
      'waitTimeInSeconds: must be at least 0',
    ],
    [
      'CF-06 a failure without a message',
      { type: 'Fail', typeProperties: { message: ' ', errorCode: '1' } },
      'message: must not be blank',
    ],
    [
      'CF-06 a filter without a condition',
      { type: 'Filter', typeProperties: { items: '@createArray()' } },
      'condition: is missing',
    ],
  ])('%s is refused', (_name, activity, expected) => {
    expect(errorsOf([{ name: 'X', ...activity }])).toContain(`[0].typeProperties.${expected}`);
  });

  it('CF-06 the condition of a filter sees the item', () => {
    const filter = {
      name: 'F',
      type: 'Filter',
      typeProperties: { items: "@json('[1]')", condition: '@greater(item(), 0)' },
    };

    expect(errorsOf([filter])).toEqual([]);
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
