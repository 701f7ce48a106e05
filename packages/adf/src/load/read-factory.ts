import { SluiceError } from '@sluice/core';

import { nameKey } from '../check/factory-index.ts';
import type { Definition, Definitions, Factory } from '../definition/factory.ts';
import { didYouMean } from '../expression/nearest-name.ts';
import { pathText } from '../json/json-node.ts';
import { legacyRewrites, type LegacyRewrite } from '../legacy/legacy-rewrite.ts';
import { upgradeDataset, upgradePipeline } from '../legacy/upgrade-properties.ts';
import { definitionsInvalid, type DefinitionProblem } from '../problem/definition-problem.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { checkDraft } from './check-draft.ts';
import { isDefinitionFile, readDefinitionFiles } from './definition-files.ts';
import { isParameterFile, isTemplate, readTemplate } from './deployment-template.ts';
import { FactoryDraft } from './factory-draft.ts';
import type { FactoryFile, ReadOptions } from './factory-file.ts';
import { reachableFrom } from './reachable.ts';
import { readDocument } from './read-document.ts';

/** A factory, as far as it could be read, and everything that is wrong with it. */
export interface ReadFactory {
  /** Without the definitions that are not as they should be. */
  readonly factory: Factory;
  /** Of all files, in order of place. */
  readonly problems: readonly DefinitionProblem[];
  /** Parts of the legacy Salesforce connector, and what to write in their place. */
  readonly legacyRewrites: readonly LegacyRewrite[];
  /** Those of one pipeline and of all that it refers to. @throws `NOT_FOUND` for an unknown name. */
  problemsOf(pipelineName: string): readonly DefinitionProblem[];
  /**
   * Refuses a pipeline that cannot run, before anything is touched; without a name, any pipeline.
   *
   * @throws the error of `definitionsInvalid` with every error; `NOT_FOUND` for an unknown name.
   */
  requireValid(pipelineName?: string): void;
}

/** Reads a factory, a Synapse workspace or a deployment template from its files. Reads nothing else, and asks nobody. */
export function readFactory(files: readonly FactoryFile[], options: ReadOptions = {}): ReadFactory {
  const draft = new FactoryDraft(options.strict ?? false);
  if (files.some(({ path }) => isDefinitionFile(path))) readDefinitionFiles(files, draft);
  else readTemplates(files, options, draft);
  for (const [name, value] of Object.entries(options.globalParameters ?? {})) draft.globalParameters.set(name, value);
  checkDraft(draft, options.defaultApiVersion);
  const ordered = (problems: readonly DefinitionProblem[]): readonly DefinitionProblem[] => problems.toSorted(byPlace);
  const all = ordered([...draft.problems, ...[...draft.problemsOf.values()].flat()]);

  function problemsOf(pipelineName: string): readonly DefinitionProblem[] {
    const pipeline = draft.pipelines.get(nameKey(pipelineName));
    if (pipeline === undefined) throw unknownPipeline(pipelineName, draft);
    const reachable = [...reachableFrom(pipeline, draft)];
    const files = new Set(reachable.map(({ document }) => document.file));
    const ofFiles = draft.problems.filter(({ file }) => files.has(file));
    return ordered([...ofFiles, ...reachable.flatMap((definition) => draft.problemsOf.get(definition) ?? [])]);
  }

  return {
    factory: {
      name: draft.name,
      linkedServices: definitions(draft.linkedServices, (properties) => properties),
      datasets: definitions(draft.datasets, upgradeDataset),
      pipelines: definitions(draft.pipelines, upgradePipeline),
      globalParameters: Object.fromEntries(draft.globalParameters),
    },
    problems: all,
    legacyRewrites: [...draft.problemsOf.keys()].flatMap(legacyRewrites),
    problemsOf,
    requireValid(pipelineName) {
      const problems = pipelineName === undefined ? all : problemsOf(pipelineName);
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw definitionsInvalid(errors);
    },
  };
}

function readTemplates(files: readonly FactoryFile[], options: ReadOptions, draft: FactoryDraft): void {
  const documents = files
    .filter(({ path }) => /\.json$/i.test(path))
    .flatMap((file) => readDocument(file, draft) ?? []);
  const templates = documents.filter(isTemplate);
  const parameterFile = documents.find(isParameterFile);
  for (const template of templates)
    readTemplate(template, { parameterFile, given: options.templateParameters ?? {} }, draft);
  if (draft.problemsOf.size > 0 || draft.problems.some(({ severity }) => severity === 'error')) return;
  draft.problems.push({
    severity: 'error',
    code: 'CONFIG_INVALID',
    file: files[0]?.path ?? '.',
    path: '',
    line: 1,
    column: 1,
    message:
      'there is no factory here: no folder linkedService, dataset or pipeline, and no template that creates them',
    hint: 'Give the root folder of the factory in its repository, or an exported template.',
  });
}

function definitions<Properties>(
  texts: ReadonlyMap<string, DefinitionText & { readonly properties: Properties | undefined }>,
  upgrade: (properties: Properties) => Properties,
): Definitions<Definition<Properties>> {
  const items = new Map<string, Definition<Properties>>();
  for (const [key, { name, document, path, properties }] of [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (properties === undefined) continue;
    items.set(key, { name, file: document.file, path: pathText(path), properties: upgrade(properties) });
  }
  return { size: items.size, get: (name) => items.get(nameKey(name)), [Symbol.iterator]: () => items.values() };
}

function unknownPipeline(name: string, { pipelines }: FactoryDraft): SluiceError {
  const names = [...pipelines.values()].map((pipeline) => pipeline.name);
  const hint = didYouMean(name, names);
  return new SluiceError(
    'NOT_FOUND',
    `the factory has no pipeline ${JSON.stringify(name)}`,
    hint === undefined ? {} : { hint },
  );
}

function byPlace(a: DefinitionProblem, b: DefinitionProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
