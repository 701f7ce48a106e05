import { abandon, foldAccount, type LeftBehind, SluiceError, sqliteJournal } from '@sluice/core';

import { copyConfig } from '../config/copy-config.ts';
import { openEnds } from '../config/copy-ends.ts';
import { parseConfig } from '../config/parse-config.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { FactoryFlags } from '../factory/factory-flags.ts';
import { accountLines } from '../render/account-text.ts';
import { leftBehindLines } from '../render/receipt-text.ts';
import { pipelineHistories } from '../state/pipeline-histories.ts';
import { StoredConfigs } from '../state/stored-config.ts';
import type { CommandContext } from './command-context.ts';
import { configOfRun, idsOf } from './resume-command.ts';
import { mismatchLines, runNotFound } from './run-advice.ts';
import { copyOptions } from './run-copy.ts';
import { runLogger } from './run-log.ts';

/** Gives a run up: what it has started is ended and removed. */
export async function abandonCommand(
  id: string,
  file: string | undefined,
  flags: FactoryFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { state, output } = context;
  const journal = sqliteJournal(state.journals);
  const entries = await journal.peek(id);
  if (entries === undefined) {
    if ((await (await pipelineHistories(state))?.has(id)) !== true) throw runNotFound(id, await idsOf(journal), state);
    const { abandonPipelineRun } = await import('./abandon-pipeline-run.ts');
    return await abandonPipelineRun(id, file, flags, context);
  }
  const before = entries.find((entry) => entry.kind === 'ended');
  if (before?.end === 'committed') throw runFinished(id);
  const configs = new StoredConfigs(state.configurations);
  const canTry = before === undefined || file !== undefined || (await configs.load(id)) !== undefined;
  // What was left the last time may be ended or removed now.
  const isOver = before !== undefined && (before.leftBehind.length === 0 || !canTry);
  let target: string | undefined;
  const leftBehind = isOver ? before.leftBehind : await abandonNow();
  if (leftBehind.length === 0) await configs.remove(id);
  const account = foldAccount((await journal.peek(id)) ?? entries);
  target ??= entries.find((entry) => entry.kind === 'planned')?.sink ?? 'the target';
  output.result([`run ${id} is abandoned`, ...accountLines(account, target), ...leftBehindLines(leftBehind)], {
    status: 'abandoned',
    run: id,
    ...(account === undefined ? {} : { account }),
    leftBehind,
  });
  return EXIT_CODES.done;

  async function abandonNow(): Promise<readonly LeftBehind[]> {
    const document = await configOfRun(id, file, state);
    await using ends = openEnds(parseConfig(copyConfig, document, process.env), document.path);
    target = ends.names.to;
    try {
      return await abandon({ ...copyOptions({ id, journal }, ends), log: runLogger(output) });
    } catch (error) {
      if (!SluiceError.is(error) || error.code !== 'RUN_MISMATCH') throw error;
      const advice = mismatchLines(id, { stored: await configs.load(id), used: document }, state);
      throw advisedError(error, advice);
    }
  }
}

function advisedError({ code, message, hint }: SluiceError, advice: readonly string[]): SluiceError {
  const hints = [hint, ...advice.map((line) => line.trim())].filter((line) => line !== undefined);
  return new SluiceError(code, message, { hint: hints.join('\n') });
}

function runFinished(id: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `run ${JSON.stringify(id)} is finished, so there is nothing to abandon`);
}
