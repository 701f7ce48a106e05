import { nameKey } from '../check/factory-index.ts';
import { walkObjects } from '../check/json-walk.ts';
import { isList, isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import type { LegacyPart } from './legacy-rewrite.ts';
import { calledReport, objectReadWhole, soqlOfSql } from './soql-of-sql.ts';
import { sqlProblem } from './sql-query.ts';

/** Ids of the reports of a name. Several may have the same. */
export type ReportLookup = (name: string) => Promise<readonly string[]>;

/** What becomes of a legacy source, or why it stays as it is. */
export interface SourceUpgrade {
  readonly replacement: JsonRecord;
  /** What its dataset is to have, besides. */
  readonly dataset?: { readonly definition: DefinitionText; readonly json: JsonRecord };
  /** What people have to do. */
  readonly open: readonly string[];
}

export interface SourceSurroundings {
  readonly pipeline: DefinitionText;
  readonly pipelines: Iterable<DefinitionText>;
  readonly datasets: ReadonlyMap<string, DefinitionText>;
  /** Where an org can be asked. */
  readonly reports: ReportLookup | undefined;
}

const API_VERSION = '60.0';

/** The source as it is written now; where its query can be read in several ways, it stays as it is, and is told. */
export async function upgradeSource(part: LegacyPart, around: SourceSurroundings): Promise<SourceUpgrade> {
  const query = queryOf(part.json);
  if (query === undefined) return { replacement: part.replacement, open: [] };
  if (/^@(?![{@])/.test(query)) return upgradeExpression(part, query);
  const report = calledReport(query);
  const dataset = around.datasets.get(nameKey(datasetOf(part, around.pipeline) ?? ''));
  if (report !== undefined) return await upgradeReport(part, report, dataset, around);
  const whole = objectReadWhole(query);
  if (whole !== undefined && whole.toLowerCase() === objectOf(dataset)?.toLowerCase()) {
    return { replacement: withoutQuery(part), open: [] };
  }
  const soql = soqlOfSql(query, API_VERSION);
  if (soql !== undefined) return { replacement: { ...part.replacement, query: likeBefore(part, soql) }, open: [] };
  const problem = sqlProblem(query);
  if (problem === undefined) return { replacement: part.replacement, open: [] };
  return { replacement: part.json, open: [`${problem.message}: ${problem.hint}`] };
}

/** What computes a query is not read for what comes of it. */
function upgradeExpression({ replacement }: LegacyPart, expression: string): SourceUpgrade {
  const isSuspect = /\{\s*(ts|d|t)\s*'|\{\s*call\b|\bselect\s+(\*|top\b|distinct\b)/i.test(expression);
  const advice = 'the query is computed, and there is SQL in its expression: Rewrite it so that it gives SOQL.';
  return { replacement, open: isSuspect ? [advice] : [] };
}

/** Of a text, or of an expression that editors have wrapped. */
function queryOf({ query }: JsonRecord): string | undefined {
  const text = isRecord(query) ? query['value'] : query;
  return typeof text === 'string' ? text : undefined;
}

function likeBefore({ json: { query } }: LegacyPart, text: string): JsonValue {
  return isRecord(query) ? { ...query, value: text } : text;
}

/** A report belongs to the dataset, which therefore must be of nobody else. */
async function upgradeReport(
  part: LegacyPart,
  name: string,
  dataset: DefinitionText | undefined,
  { pipelines, reports }: SourceSurroundings,
): Promise<SourceUpgrade> {
  if (dataset === undefined || usesOf(dataset, pipelines) > 1) {
    const whose = dataset === undefined ? 'Its dataset is not there' : `Dataset ${dataset.name} is used elsewhere, too`;
    const advice = `${whose}: give this source a dataset with the reportId of ${JSON.stringify(name)}, and remove the query.`;
    return { replacement: part.json, open: [advice] };
  }
  const ids = reports === undefined ? undefined : await reports(name);
  const only = ids?.length === 1 ? ids[0] : undefined;
  const typeProperties = isRecord(dataset.json['typeProperties']) ? dataset.json['typeProperties'] : {};
  const { objectApiName: _, ...kept } = typeProperties;
  const found = ids === undefined ? 'no org was asked' : `the org has ${ids.length === 0 ? 'none' : 'several'} of it`;
  return {
    replacement: withoutQuery(part),
    dataset: {
      definition: dataset,
      json: { ...dataset.json, typeProperties: { ...kept, reportId: only ?? `<id of the report ${name}>` } },
    },
    open:
      only === undefined
        ? [`Fill in reportId of dataset ${dataset.name}, the id of the report ${JSON.stringify(name)}: ${found}.`]
        : [],
  };
}

function withoutQuery({ replacement }: LegacyPart): JsonRecord {
  const { query: _, ...rest } = replacement;
  return rest;
}

/** The name of the dataset a source reads, in the activity it is the source of. */
function datasetOf({ at }: LegacyPart, pipeline: DefinitionText): string | undefined {
  const activity = at
    .slice(0, -2)
    .reduce<JsonValue | undefined>(
      (json, step) => (isList(json) ? json[Number(step)] : isRecord(json) ? json[String(step)] : undefined),
      pipeline.json,
    );
  if (!isRecord(activity)) return undefined;
  const { inputs, typeProperties } = activity;
  const reference = isList(inputs) ? inputs[0] : isRecord(typeProperties) ? typeProperties['dataset'] : undefined;
  return isRecord(reference) && typeof reference['referenceName'] === 'string' ? reference['referenceName'] : undefined;
}

function objectOf(dataset: DefinitionText | undefined): string | undefined {
  const properties = dataset?.json['typeProperties'];
  const name = isRecord(properties) ? properties['objectApiName'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function usesOf({ name }: DefinitionText, pipelines: Iterable<DefinitionText>): number {
  let uses = 0;
  for (const { json } of pipelines) {
    walkObjects(json, [], ({ type, referenceName }) => {
      if (
        type === 'DatasetReference' &&
        typeof referenceName === 'string' &&
        nameKey(referenceName) === nameKey(name)
      ) {
        uses += 1;
      }
    });
  }
  return uses;
}
