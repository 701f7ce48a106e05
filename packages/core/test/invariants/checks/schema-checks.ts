import { Field, Int64, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';

import { SluiceError } from '../../../src/error/sluice-error.ts';
import { batchOfRows } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

const other = new Schema([new Field('id', new Int64(), true), new Field('text', new Utf8(), true)]);

function batchOfOther(): RecordBatch {
  const [, text] = batchOfRows([{ id: 1, text: 'a' }]).data.children;
  const id = makeData({ type: new Int64(), length: 1, data: BigInt64Array.of(1n) });
  return new RecordBatch(other, makeData({ type: new Struct(other.fields), length: 1, children: [id, text!] }));
}

export const plannedSchema: InvariantCheck = {
  id: 'E1',
  title:
    'A batch of another schema than the planned one fails the run, by the name of its source, and reaches no sink.',
  async run(engine) {
    const { source, sink, copy } = engineScene(engine);
    const from = {
      ...source,
      async *read() {
        yield { batch: batchOfOther() };
      },
    };
    const failure = await failureUnless(copy({ from }), 'a run with a batch of another schema succeeds');
    ensure(sink.batches.length === 0, 'a batch of another schema was written');
    ensure(
      SluiceError.is(failure) && failure.code === 'CONTRACT_BROKEN' && failure.message.includes('numbers'),
      `a batch of another schema fails the run with ${told(failure)}`,
    );
  },
};

export const openedFirst: InvariantCheck = {
  id: 'E1-open',
  title: 'A sink opens its target with the planned schema before anything of the source is started, and may refuse.',
  async run(engine) {
    const refusal = new SluiceError('TYPE_UNSUPPORTED', 'no such column');
    const { source, sink, copy } = engineScene(engine);
    const to = { ...sink, open: () => Promise.reject(refusal) };
    const failure = await failureUnless(copy({ to }), 'a run into a target that refuses succeeds');
    const started = source.steps.filter((step) => /^(splits|split|read)/.test(step));
    ensure(started.length === 0, `before the target refuses, the source is asked for ${started.join(', ')}`);
    ensure(SluiceError.is(failure) && failure.code === 'TYPE_UNSUPPORTED', `the refusal becomes ${told(failure)}`);
  },
};
