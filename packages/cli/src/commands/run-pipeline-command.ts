import {
  type DefinitionProblem,
  pipelineParameters,
  requireConnectors,
  RunHistories,
  type PipelineResult,
  type PipelineRun,
  problemText,
  type ReadFactory,
  refusedRun,
  runPipeline,
  type RunPipelineOptions,
} from '@sluice/adf';
import { SluiceError } from '@sluice/core';

import { exitCodeOf } from '../error-exit.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { type FactoryFlags, vaultProvider } from '../factory/factory-flags.ts';
import { openFactory, problemLines, sortProblems } from '../factory/open-factory.ts';
import { readParameters } from '../factory/parameter-flags.ts';
import { errorLines } from '../render/error-text.ts';
import { pipelineRunLines } from '../render/pipeline-run-text.ts';
import { showPipeline } from '../render/pipeline-view.ts';
import type { CommandContext } from './command-context.ts';
import { runLogger } from './run-log.ts';

export interface RunPipelineFlags extends FactoryFlags {
  readonly pipeline: string;
  readonly parameter?: readonly string[];
  readonly parametersFile?: string;
  readonly exactDecimals?: true;
  readonly skipBinaryFields?: true;
  readonly int96?: true;
  /** Id of a run that failed. */
  readonly rerun?: string;
}

/** Runs a pipeline of a factory. Whatever comes of it, the result is a record of the run. */
export async function runPipelineCommand(
  path: string,
  flags: RunPipelineFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { output, stop } = context;
  let prepared: Prepared | Refused;
  try {
    prepared = await prepare(path, flags, context);
  } catch (error) {
    if (stop.signal.aborted || !SluiceError.is(error)) throw error;
    prepared = {
      lines: errorLines(error, { withStack: output.isVerbose }),
      message: `${error.code}: ${error.message}${error.hint === undefined ? '' : `. ${error.hint}`}`,
      exitCode: exitCodeOfRefusal(error),
    };
  }
  if ('message' in prepared) {
    output.problem(prepared.lines);
    const run = refusedRun(flags.pipeline, prepared.message, Date.now());
    if (output.isJson) output.result([], documentOf({ run, childRuns: [] }));
    return prepared.exitCode;
  }
  const result = await runPipeline(prepared.factory, {
    ...prepared.options,
    signal: stop.signal,
    log: runLogger(output),
    onEvent: showPipeline(output),
  });
  output.result(pipelineRunLines(result), documentOf(result));
  return exitCodeOfRun(result.run, context);
}

/** Of files that may be why a pipeline is not there. */
const MAX_PROBLEMS = 10;

interface Prepared {
  readonly factory: Parameters<typeof runPipeline>[0];
  readonly options: RunPipelineOptions;
}

/** What is wrong before anything is touched. */
interface Refused {
  readonly lines: readonly string[];
  readonly message: string;
  readonly exitCode: ExitCode;
}

async function prepare(path: string, flags: RunPipelineFlags, context: CommandContext): Promise<Prepared | Refused> {
  const { read, folder } = await openFactory(path, flags, context);
  const { errors, warnings } = sortProblems(problemsFor(flags.pipeline, read));
  for (const warning of warnings) for (const line of problemLines(warning)) context.output.say(line);
  if (errors.length > 0) return refusal(errors);
  // What files and arguments hold is JSON.
  const parameters = (await readParameters(flags.parameter, flags.parametersFile)) as NonNullable<
    RunPipelineOptions['parameters']
  >;
  const histories = new RunHistories(context.state.pipelines);
  const past = flags.rerun === undefined ? undefined : await histories.past(flags.rerun);
  if (past !== undefined && past.pipelineName.toLowerCase() !== flags.pipeline.toLowerCase()) {
    throw new SluiceError('RUN_MISMATCH', `run ${past.runId} is one of the pipeline ${past.pipelineName}`);
  }
  const given = { ...past?.parameters, ...parameters };
  pipelineParameters(read.factory, flags.pipeline, given);
  requireConnectors(read.factory, flags.pipeline);
  return {
    factory: read.factory,
    options: {
      pipeline: flags.pipeline,
      parameters: given,
      histories,
      ...(past === undefined ? {} : { past }),
      factoryFolder: folder,
      vaults: await vaultProvider(flags.vault),
      strict: flags.strict === true,
      decimals: flags.exactDecimals === true ? 'exact' : 'scale',
      binaryFields: flags.skipBinaryFields === true ? 'skip' : 'refuse',
      timestamps: flags.int96 === true ? 'int96' : 'micros',
      ...(flags.apiVersion === undefined ? {} : { defaultApiVersion: flags.apiVersion }),
    },
  };
}

/** A pipeline that is not there may be missing because its file, or the folder as a whole, is not as it should be. */
function problemsFor(pipeline: string, read: ReadFactory): readonly DefinitionProblem[] {
  try {
    return read.problemsOf(pipeline);
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'NOT_FOUND') throw error;
    const { errors } = sortProblems(read.problems);
    const hints = [error.hint ?? [], errors.slice(0, MAX_PROBLEMS).map((problem) => problemLines(problem)[0]!)].flat();
    throw new SluiceError(error.code, error.message, {
      cause: error,
      ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
    });
  }
}

/** Definitions that are as they should be fail for a connector that is not there as a run fails. */
function refusal(errors: readonly DefinitionProblem[]): Refused {
  const isMissing = errors.every(({ code }) => code === 'CONNECTOR_MISSING');
  return {
    lines: errors.flatMap(problemLines),
    message: errors.map(messageOf).join('\n'),
    exitCode: isMissing ? EXIT_CODES.failed : EXIT_CODES.invalid,
  };
}

function messageOf({ hint, ...problem }: DefinitionProblem): string {
  return `${problem.factoryCode ?? problem.code}: ${problemText(problem)}${hint === undefined ? '' : `. ${hint}`}`;
}

/** Nothing that is asked for can be found, or is as it should be; what is not there yet makes the run fail. */
function exitCodeOfRefusal(error: SluiceError): ExitCode {
  if (error.code === 'CONNECTOR_MISSING') return EXIT_CODES.failed;
  return error.code === 'NOT_FOUND' ? EXIT_CODES.invalid : exitCodeOf(error);
}

function exitCodeOfRun({ status }: PipelineRun, { stop }: CommandContext): ExitCode {
  if (status === 'Succeeded') return EXIT_CODES.done;
  return status === 'Cancelled' ? (stop.exitCode ?? EXIT_CODES.interrupted) : EXIT_CODES.failed;
}

/** The record of the run, and with it those of the pipelines that it ran. */
function documentOf({ run, childRuns }: PipelineResult): object {
  return { ...run, childRuns };
}
