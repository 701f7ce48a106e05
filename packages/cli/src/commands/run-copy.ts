import {
  abandon,
  copy,
  type CopyOptions,
  type Journal,
  memoryJournal,
  type Receipt,
  type Run,
  SluiceError,
} from '@sluice/core';

import type { ConfigDocument } from '../config/config-file.ts';
import { copyConfig } from '../config/copy-config.ts';
import { type CopyEnds, openEnds } from '../config/copy-ends.ts';
import { parseConfig } from '../config/parse-config.ts';
import { exitCodeOf } from '../error-exit.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { accountLines } from '../render/account-text.ts';
import { errorDocument, errorLines } from '../render/error-text.ts';
import { showProgress } from '../render/progress-view.ts';
import { type EndNames, leftBehindLines, noteLines, receiptLines } from '../render/receipt-text.ts';
import { StoredConfigs } from '../state/stored-config.ts';
import type { CommandContext } from './command-context.ts';
import { keptRunLines, mismatchLines } from './run-advice.ts';
import { runLogger } from './run-log.ts';

export interface RunRequest {
  readonly id: string;
  readonly document: ConfigDocument;
  /** Undefined for a run that is to leave nothing on this machine. */
  readonly journal: Journal | undefined;
  /** The id is not one to come back to when the run does not get as far as its first row. */
  readonly isIdRandom: boolean;
  /** Said once the configuration is known to be as it should be. */
  readonly greeting: string;
}

/** Starts or resumes a run, shows it, and says how it ended. */
export async function runCopy(request: RunRequest, context: CommandContext): Promise<ExitCode> {
  const { id, document, journal } = request;
  const { output, state, stop } = context;
  await using ends = openEnds(parseConfig(copyConfig, document, process.env), document.path);
  output.say(request.greeting);
  const configs = new StoredConfigs(state.configurations);
  const stored = journal === undefined ? undefined : await keepConfig(configs, journal, id, document);
  const run = copy({ ...copyOptions(request, ends), signal: stop.signal, log: runLogger(output), progressMs: 100 });
  const watched = watch(run, context);
  try {
    const receipt = await run;
    if (journal !== undefined) await configs.remove(id);
    showReceipt(receipt, context, ends.names);
    return EXIT_CODES.done;
  } catch (error) {
    const isKept = watched.end === 'kept';
    if (journal !== undefined && watched.end === 'abandoned' && request.isIdRandom) {
      await forget(request, ends, journal);
      await configs.remove(id);
    }
    return showFailure(error, { run, isKept, names: ends.names, config: { stored, used: document } }, context);
  }
}

export function copyOptions(
  { id, journal }: Pick<RunRequest, 'id' | 'journal'>,
  { from, to, options }: CopyEnds,
): CopyOptions & { readonly id: string; readonly journal: Journal } {
  return { ...options, from, to, id, journal: journal ?? memoryJournal() };
}

/** Keeps the configuration of a run that has none yet; returns the one it has been started with. */
async function keepConfig(
  configs: StoredConfigs,
  journal: Journal,
  id: string,
  document: ConfigDocument,
): Promise<ConfigDocument | undefined> {
  const isStarted = (await journal.peek(id)) !== undefined;
  const stored = isStarted ? await configs.load(id) : undefined;
  if (!isStarted) await configs.save(id, document);
  return stored;
}

interface Watched {
  end: 'committed' | 'abandoned' | 'kept' | undefined;
}

function watch(run: Run, { output }: CommandContext): Watched {
  const watched: Watched = { end: undefined };
  run.events$.subscribe((event) => {
    if (event.kind === 'ended') watched.end = event.end;
    if (event.kind === 'note' && output.isVerbose) for (const line of noteLines([event.note])) output.say(line);
  });
  showProgress(run, output);
  return watched;
}

/** A run under a random id that was never planned would be listed as unfinished for ever. */
async function forget({ id }: RunRequest, ends: CopyEnds, journal: Journal): Promise<void> {
  if ((await journal.peek(id)) !== undefined) await abandon(copyOptions({ id, journal }, ends));
}

export function showReceipt(receipt: Receipt, { output }: CommandContext, names?: EndNames): void {
  output.result(receiptLines(receipt, names), { status: 'committed', receipt });
}

interface Failure {
  readonly run: Run;
  readonly isKept: boolean;
  readonly names: EndNames;
  readonly config: { readonly stored: ConfigDocument | undefined; readonly used: ConfigDocument };
}

function showFailure(
  error: unknown,
  { run, isKept, names, config }: Failure,
  { output, state, stop }: CommandContext,
): ExitCode {
  const { id, leftBehind } = run;
  const isCancelled = stop.signal.aborted && error === stop.signal.reason;
  const isMismatch = SluiceError.is(error) && error.code === 'RUN_MISMATCH';
  output.problem([
    ...(isCancelled
      ? [`cancelled: run ${id} ${isKept ? 'is kept' : 'is abandoned, and what it had started is ended'}`]
      : [...errorLines(error, { withStack: output.isVerbose }), `  from ${names.from}`, `  to   ${names.to}`]),
    ...accountLines(run.account, names.to),
    ...(isMismatch ? mismatchLines(id, config, state) : []),
    ...(isKept ? keptRunLines(id, state) : []),
    // Errors name what is left themselves.
    ...(isCancelled ? leftBehindLines(leftBehind) : []),
  ]);
  if (output.isJson) {
    const { account } = run;
    const facts = { run: id, kept: isKept, ...(account === undefined ? {} : { account }), leftBehind };
    output.result(
      [],
      isCancelled ? { status: 'cancelled', ...facts } : { status: 'failed', ...facts, error: errorDocument(error) },
    );
  }
  return isCancelled ? (stop.exitCode ?? EXIT_CODES.interrupted) : exitCodeOf(error);
}
