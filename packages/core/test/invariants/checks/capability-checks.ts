import { SluiceError } from '../../../src/error/sluice-error.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import type { Engine } from '../engine.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

/** Everything that plugins of these names are asked for. */
async function stepsOf(engine: Engine, names: { readonly from: string; readonly to: string }): Promise<string> {
  const { source, sink, copy } = engineScene(engine, { splits: splitsOf(9, 9) }, { writers: 1, part: { rows: 4 } });
  await copy({ from: { ...source, name: names.from }, to: { ...sink, name: names.to }, parallelism: 1 });
  return [...source.steps, ...sink.steps].join('\n');
}

export const namesMeanNothing: InvariantCheck = {
  id: 'E12',
  title: 'A plugin is treated by what it declares, whatever its name.',
  async run(engine) {
    const usual = await stepsOf(engine, { from: 'numbers', to: 'disk' });
    for (const [from, to] of [
      ['salesforce', 'files'],
      ['batches', 'collect'],
      ['files', 'salesforce'],
    ] as const) {
      const other = await stepsOf(engine, { from, to });
      ensure(other === usual, `named ${from} and ${to}, the same plugins are treated otherwise`);
    }
  },
};

export const declaredPositions: InvariantCheck = {
  id: 'E12-positions',
  title: 'A source that declares no positions and gives one fails the run.',
  async run(engine) {
    const { source, copy } = engineScene(engine);
    const from = { ...source, traits: { ...source.traits, positions: false } };
    const failure = await failureUnless(copy({ from }), 'a run succeeds on positions that are not declared');
    ensure(
      SluiceError.is(failure) && failure.code === 'CONTRACT_BROKEN' && failure.message.includes('position'),
      `a position that is not declared ends a run with ${told(failure)}`,
    );
  },
};
