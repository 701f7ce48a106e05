import { relative } from 'node:path';

import { type DefinitionKind, type Factory, testConnection } from '@sluice/adf';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { datasetDraft, type DatasetFlags } from '../factory/dataset-draft.ts';
import { factoryToInspect, type InspectFlags } from '../factory/inspect-flags.ts';
import { Interview } from '../factory/interview.ts';
import { linkedServiceDraft, type LinkedServiceFlags } from '../factory/linked-service-draft.ts';
import { createDefinition, readForNew } from '../factory/new-definition.ts';
import { problemLines } from '../factory/open-factory.ts';
import { pipelineDraft, type PipelineFlags } from '../factory/pipeline-draft.ts';
import type { CommandContext } from './command-context.ts';

export interface NewFlags extends InspectFlags, LinkedServiceFlags, DatasetFlags, PipelineFlags {
  /** Test the connection of the new linked service. */
  readonly test?: true;
}

type Draft = (flags: NewFlags, interview: Interview, factory: Factory) => Promise<object>;

const DRAFTS: Readonly<Record<DefinitionKind, Draft>> = {
  linkedService: linkedServiceDraft,
  dataset: datasetDraft,
  pipeline: pipelineDraft,
};

/** Writes a new definition into a factory, which is as it should be; refuses to replace one. */
export async function newCommand(
  kind: DefinitionKind,
  path: string,
  name: string,
  flags: NewFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { output, stop } = context;
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY && !output.isJson;
  using interview = new Interview(
    isTerminal ? { input: process.stdin, output: process.stderr, signal: stop.signal } : undefined,
  );
  const before = await readForNew(path, stop.signal);
  const properties = await DRAFTS[kind](flags, interview, before.factory);
  interview.requireAnswers();
  const { file, warnings } = await createDefinition({ kind, path, name, properties, files: before.files });
  for (const line of warnings.flatMap(problemLines)) output.say(line);
  const isTested = await isToBeTested(kind, properties, flags, interview);
  const shown = relative('.', file);
  if (isTested) {
    output.say(`wrote ${shown}`);
    const { factory, options } = await factoryToInspect(path, flags, context);
    await testConnection(factory, name, options);
  }
  output.result([isTested ? `the connection ${name} works` : `wrote ${shown}`], {
    status: 'created',
    file: shown,
    ...(isTested ? { connection: 'works' } : {}),
  });
  return EXIT_CODES.done;
}

/** A vault is asked for secrets only: there is nothing to test it with. */
async function isToBeTested(
  kind: DefinitionKind,
  properties: object,
  { test }: NewFlags,
  interview: Interview,
): Promise<boolean> {
  if (test === true) return true;
  const isVault = 'type' in properties && properties.type === 'AzureKeyVault';
  return kind === 'linkedService' && !isVault && (await interview.agrees('Test the connection?'));
}
