import { explain } from '@sluice/core';

import { readConfigFile } from '../config/config-file.ts';
import { copyConfig } from '../config/copy-config.ts';
import { openEnds } from '../config/copy-ends.ts';
import { parseConfig } from '../config/parse-config.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { planDocument, planLines } from '../render/plan-text.ts';
import type { CommandContext } from './command-context.ts';
import { runLogger } from './run-log.ts';

/** What a copy would read: metadata only, nothing is started. */
export async function explainCommand(file: string, { output, stop }: CommandContext): Promise<ExitCode> {
  const document = await readConfigFile(file);
  await using ends = openEnds(parseConfig(copyConfig, document, process.env), document.path);
  const { options, from } = ends;
  const plan = await explain(from, { ...options, signal: stop.signal, log: runLogger(output) });
  output.result(planLines(plan), planDocument(plan));
  return EXIT_CODES.done;
}
