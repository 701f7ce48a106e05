import { discover } from '@sluice/adf';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { factoryToInspect, type InspectFlags } from '../factory/inspect-flags.ts';
import { tableLines } from '../render/table-text.ts';
import type { CommandContext } from './command-context.ts';

/** What can be read through a linked service. */
export async function discoverCommand(
  path: string,
  linkedService: string,
  flags: InspectFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { factory, options } = await factoryToInspect(path, flags, context);
  const found = await discover(factory, linkedService, options);
  context.output.result(
    found.length === 0 ? ['nothing that can be read'] : tableLines(found.map(({ name, label = '' }) => [name, label])),
    { linkedService, readable: found },
  );
  return EXIT_CODES.done;
}
