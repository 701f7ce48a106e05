import { testConnection } from '@sluice/adf';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { factoryToInspect, type InspectFlags } from '../factory/inspect-flags.ts';
import type { CommandContext } from './command-context.ts';

/** Whether a linked service works; what stands in the way is thrown. */
export async function testConnectionCommand(
  path: string,
  linkedService: string,
  flags: InspectFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { factory, options } = await factoryToInspect(path, flags, context);
  await testConnection(factory, linkedService, options);
  context.output.result([`the connection ${linkedService} works`], { status: 'connected', linkedService });
  return EXIT_CODES.done;
}
