import type { CopySink } from '../definition/copy/copy-sink.ts';
import type { CopySource } from '../definition/copy/copy-source.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';
import { type GivenSetting, givenSettings, NOT_YET, readPostgresSettings } from '../secrets/postgres-settings.ts';
import { checkColumns } from './additional-columns-check.ts';
import type { CopyEnd } from './copy-end.ts';
import { connectorOf, isDatabase } from './copy-types.ts';
import { literalText } from './expression-check.ts';
import { spanMs } from './time-span.ts';

type PostgresSource = Extract<CopySource, { readonly type: `${string}PostgreSql${string}Source` }>;

/** What is wrong with the linked service of a database. */
export function checkDatabase(properties: JsonRecord, report: ProblemReport): void {
  const problem = (property: string, message: string, hint?: string): void =>
    report.error([property], message, hint === undefined ? {} : { hint });
  const given = givenSettings((property) => literalSetting(properties[property]), problem);
  readPostgresSettings(given, problem);
  const password = given('password');
  if (password === undefined || password === '') {
    const isKept = properties['encryptedCredential'] !== undefined;
    problem(
      'password',
      isKept ? 'is missing: an encryptedCredential can be read only by the factory that wrote it' : 'is missing',
      'Add it as an AzureKeyVaultSecret, or as a SecureString.',
    );
  }
  if ((properties['sslCertificate'] === undefined) !== (properties['sslKey'] === undefined)) {
    problem('sslCertificate', 'and sslKey go together', 'Give both, or none.');
  }
  if (isTrue(properties['logParameters'])) report.warn(['logParameters'], 'is not used: no values are logged');
}

/** As it is written out; `NOT_YET` for what an expression or a vault gives. */
function literalSetting(value: JsonValue | undefined): GivenSetting {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return literalText(value) ?? NOT_YET;
  const isSecret = isRecord(value) && value['type'] === 'SecureString';
  return isSecret ? (literalText(value['value']) ?? NOT_YET) : NOT_YET;
}

export function checkDatabaseSource(source: CopySource, { dataset }: CopyEnd, report: ProblemReport): void {
  if (!isDatabaseSource(source)) return;
  checkColumns(source.additionalColumns, false, report);
  const hasQuery = source.query !== undefined && literalText(source.query)?.trim() !== '';
  if (!hasQuery && dataset !== undefined && !namesTable(dataset)) {
    report.error([], 'there is nothing to read: the source has no query, and its dataset no table', {
      hint: 'Give one of them.',
    });
  }
  if (source.type === 'AzurePostgreSqlSource') checkPartitions(source, report);
}

function checkPartitions(
  { partitionOption, partitionSettings, query }: Extract<PostgresSource, { readonly type: 'AzurePostgreSqlSource' }>,
  report: ProblemReport,
): void {
  const given = Object.entries(partitionSettings ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const used: Readonly<Record<string, readonly string[]>> = {
    None: [],
    PhysicalPartitionsOfTable: ['partitionNames'],
    DynamicRange: ['partitionColumnName', 'partitionUpperBound', 'partitionLowerBound'],
  };
  // What an expression gives is known when the activity runs.
  const option = literalText(partitionOption) ?? '';
  const names = used[option];
  for (const name of names === undefined ? [] : given.filter((setting) => !names.includes(setting))) {
    report.warn(['partitionSettings', name], `has no effect with the partitionOption ${option}`);
  }
  if (query !== undefined && option === 'DynamicRange') {
    report.warn(['partitionOption'], 'a query is read in one go: what stands for ranges in it becomes the whole range');
  }
}

export function checkDatabaseSink(sink: CopySink, { dataset }: CopyEnd, report: ProblemReport): void {
  if (sink.type !== 'AzurePostgreSqlSink') return;
  if (dataset !== undefined && !namesTable(dataset)) {
    report.error([], 'the dataset of the sink has no table', { hint: 'Name the table to write to.' });
  }
  const { writeMethod, upsertSettings, writeBatchTimeout } = sink;
  if (upsertSettings !== undefined && (writeMethod === 'CopyCommand' || writeMethod === 'BulkInsert')) {
    report.warn(['upsertSettings'], `has no effect with the writeMethod ${writeMethod}`, {
      hint: 'Set writeMethod to Upsert.',
    });
  }
  if (spanMs(writeBatchTimeout) === 0) report.error(['writeBatchTimeout'], 'must be more than nothing');
}

/** Blank names count as none; a name that an expression gives is one. */
function namesTable({ type, typeProperties }: NonNullable<CopyEnd['dataset']>): boolean {
  if (!isDatabase(connectorOf(type)) || !isRecord(typeProperties)) return true;
  const { table, tableName } = typeProperties;
  return [table, tableName].some((name) => name !== undefined && literalText(name)?.trim() !== '');
}

function isDatabaseSource(source: CopySource): source is PostgresSource {
  return isDatabase(connectorOf(source.type));
}

function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === 'true';
}
