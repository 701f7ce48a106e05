import type * as z from 'zod';

import { type DatasetProperties, datasetProperties } from '../definition/dataset/dataset.ts';
import type { DefinitionKind } from '../definition/factory.ts';
import { type LinkedServiceProperties, linkedServiceProperties } from '../definition/linked-service/linked-service.ts';
import { type PipelineProperties, pipelineProperties } from '../definition/pipeline.ts';
import type { JsonDocument } from '../json/json-document.ts';
import type { JsonNode, JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { canonicalJson, isRecord, type JsonRecord } from './canonical-json.ts';
import { reportIssues } from './schema-problem.ts';

interface PropertiesOf {
  readonly linkedService: LinkedServiceProperties;
  readonly dataset: DatasetProperties;
  readonly pipeline: PipelineProperties;
}

const SCHEMAS: { readonly [Kind in DefinitionKind]: z.ZodType<PropertiesOf[Kind]> } = {
  linkedService: linkedServiceProperties,
  dataset: datasetProperties,
  pipeline: pipelineProperties,
};

/** Where a definition stands in a file. */
export interface DefinitionPlace {
  readonly name: string;
  readonly document: JsonDocument;
  readonly node: JsonNode;
  /** To `node`: the properties. */
  readonly path: JsonPath;
}

/** A definition that was read: as JSON, and as data where all of it is as its schema wants it. */
export interface DefinitionText<Kind extends DefinitionKind = DefinitionKind> {
  readonly kind: Kind;
  readonly name: string;
  readonly document: JsonDocument;
  readonly path: JsonPath;
  /** Names and words spelled as the schema does. */
  readonly json: JsonRecord;
  readonly properties: PropertiesOf[Kind] | undefined;
  /** Of problems in the properties. */
  readonly report: ProblemReport;
}

export function readDefinition<Kind extends DefinitionKind>(
  kind: Kind,
  { name, document, node, path }: DefinitionPlace,
  report: ProblemReport,
): DefinitionText<Kind> {
  const schema = SCHEMAS[kind];
  const json = canonicalJson(node, schema, report);
  const { data, error } = schema.safeParse(json);
  if (error !== undefined) reportIssues(error.issues, json, report);
  return { kind, name, document, path, json: isRecord(json) ? json : {}, properties: data, report };
}
