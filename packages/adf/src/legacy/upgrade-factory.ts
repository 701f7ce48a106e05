import { SluiceError } from '@sluice/core';

import { decodeJson } from '../json/json-document.ts';
import { editJson, type JsonEdit } from '../json/json-edit.ts';
import { type JsonPath, pathText } from '../json/json-node.ts';
import { readJson } from '../json/json-reader.ts';
import { isDefinitionFile, readDefinitionFiles } from '../load/definition-files.ts';
import { isTemplate, readTemplate } from '../load/deployment-template.ts';
import { FactoryDraft } from '../load/factory-draft.ts';
import type { FactoryFile } from '../load/factory-file.ts';
import { readDocument } from '../load/read-document.ts';
import { definitionsInvalid } from '../problem/definition-problem.ts';
import { isRecord, type JsonRecord } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { concealedJson } from './concealed-json.ts';
import { jsonChanges } from './json-changes.ts';
import { legacyParts } from './legacy-rewrite.ts';
import { type ReportLookup, type SourceUpgrade, upgradeSource } from './source-upgrade.ts';

/** A file with definitions of the legacy connector, as it should be. */
export interface UpgradedFile {
  readonly path: string;
  /** What to write. It holds the secrets the file has held, but those of the legacy connector. */
  readonly text: string;
  /** Whether comments of the file stood in what is replaced, and are gone. */
  readonly losesComments: boolean;
  /** Both texts with secrets hidden. */
  readonly shown: { readonly before: string; readonly after: string };
}

/** What is left to do by hand. */
export interface UpgradeGap {
  readonly file: string;
  /** Such as `properties.activities[0].typeProperties.source`. */
  readonly path: string;
  readonly message: string;
}

export interface FactoryUpgrade {
  readonly files: readonly UpgradedFile[];
  readonly gaps: readonly UpgradeGap[];
}

export interface UpgradeOptions {
  /** Asks an org for reports that queries call by name. Default: their ids stay gaps. */
  readonly reports?: ReportLookup;
}

/**
 * The files of a factory, folders or a deployment template, with what is of the legacy Salesforce connector rewritten for the current one. What
 * has no single rewrite stays as it is and is among the gaps; texts in angle brackets are for people to fill in.
 *
 * In a template, what its expressions stand for is left to it.
 *
 * @throws `CONFIG_INVALID` with every file that is no JSON; where there is no factory.
 */
export async function upgradeFactory(
  files: readonly FactoryFile[],
  { reports }: UpgradeOptions = {},
): Promise<FactoryUpgrade> {
  const draft = new FactoryDraft(false);
  if (files.some(({ path }) => isDefinitionFile(path))) readDefinitionFiles(files, draft);
  else readTemplates(files, draft);
  const errors = draft.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw definitionsInvalid(errors);

  const edits = new Map<string, JsonEdit[]>();
  const gaps: UpgradeGap[] = [];
  const change = ({ document, path }: DefinitionText, at: JsonPath, before: JsonRecord, after: JsonRecord): void => {
    const earlier = edits.get(document.file) ?? [];
    edits.set(document.file, [...earlier, ...jsonChanges(before, after, [...path, ...at])]);
  };
  const vaults = [...draft.linkedServices.values()].filter(({ json }) => json['type'] === 'AzureKeyVault');
  const vault = vaults.length === 1 ? vaults[0]?.name : undefined;
  for (const definition of draft.problemsOf.keys()) {
    for (const part of legacyParts(definition)) {
      const upgrade: SourceUpgrade = part.type.endsWith('Source')
        ? await upgradeSource(part, {
            pipeline: definition,
            pipelines: draft.pipelines.values(),
            datasets: draft.datasets,
            reports,
          })
        : part;
      const { replacement } = upgrade;
      change(definition, part.at, part.json, vault === undefined ? replacement : withVault(replacement, vault));
      if (upgrade.dataset !== undefined) {
        const { definition: dataset, json } = upgrade.dataset;
        change(dataset, [], dataset.json, json);
      }
      const path = pathText([...definition.path, ...part.at]);
      gaps.push(...upgrade.open.map((message) => ({ file: definition.document.file, path, message })));
    }
  }
  return { files: files.flatMap((file) => upgradedFile(file, edits.get(file.path) ?? [])), gaps };
}

function upgradedFile({ path, bytes }: FactoryFile, edits: readonly JsonEdit[]): readonly UpgradedFile[] {
  const before = decodeJson(bytes);
  if (before === undefined || edits.length === 0) return [];
  const text = editJson(before, edits);
  const losesComments = commentsIn(text) < commentsIn(before);
  return [{ path, text, losesComments, shown: { before: concealedJson(before), after: concealedJson(text) } }];
}

/** Where a factory has one vault, that is meant. */
function withVault(replacement: JsonRecord, vault: string): JsonRecord {
  const { typeProperties } = replacement;
  const secret = isRecord(typeProperties) ? typeProperties['clientSecret'] : undefined;
  if (!isRecord(typeProperties) || !isRecord(secret)) return replacement;
  const store = { referenceName: vault, type: 'LinkedServiceReference' };
  return { ...replacement, typeProperties: { ...typeProperties, clientSecret: { ...secret, store } } };
}

function commentsIn(text: string): number {
  return readJson(text).leniencies.filter(({ what }) => what === 'a comment').length;
}

function readTemplates(files: readonly FactoryFile[], draft: FactoryDraft): void {
  const templates = files.flatMap((file) => readDocument(file, draft) ?? []).filter(isTemplate);
  for (const template of templates)
    readTemplate(template, { parameterFile: undefined, given: {}, verbatim: true }, draft);
  if (templates.length > 0 || draft.problems.length > 0) return;
  throw new SluiceError('CONFIG_INVALID', 'there is no factory here', {
    hint: 'Give the root folder of the factory in its repository, or an exported template.',
  });
}
