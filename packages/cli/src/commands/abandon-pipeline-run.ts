import { abandonCopies, RunHistories } from '@sluice/adf';
import { SluiceError } from '@sluice/core';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { FactoryFlags } from '../factory/factory-flags.ts';
import { factoryToInspect } from '../factory/inspect-flags.ts';
import { leftBehindLines } from '../render/receipt-text.ts';
import type { CommandContext } from './command-context.ts';

/** Ends and removes what the copies of a run of a pipeline left behind when its process was killed. */
export async function abandonPipelineRun(
  id: string,
  factoryPath: string | undefined,
  flags: FactoryFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { state, output } = context;
  if (factoryPath === undefined) {
    throw new SluiceError('CONFIG_INVALID', `run ${JSON.stringify(id)} is one of a pipeline: its factory is missing`, {
      hint: `Give its folder: sluice abandon ${id} <factory>.`,
    });
  }
  const { factory, options } = await factoryToInspect(factoryPath, flags, context);
  const leftBehind = await abandonCopies(factory, new RunHistories(state.pipelines).copiesOf(id), options);
  output.result([`run ${id} is abandoned`, ...leftBehindLines(leftBehind)], {
    status: 'abandoned',
    run: id,
    leftBehind,
  });
  return EXIT_CODES.done;
}
