import type { CopySink } from '../definition/copy/copy-sink.ts';
import type { CopySource } from '../definition/copy/copy-source.ts';
import { readTimestamp } from '../expression/functions/date-functions.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord } from '../reading/canonical-json.ts';
import { checkColumns } from './additional-columns-check.ts';
import type { CopyEnd } from './copy-end.ts';
import { connectorOf, isFile } from './copy-types.ts';
import { literalText } from './expression-check.ts';
import { missingFormat, missingWrittenFormat, reportMissing } from './format-gap-check.ts';

type FileFormat = 'DelimitedText' | 'Parquet' | 'Json';
type FileSource = Extract<CopySource, { readonly type: `${FileFormat}Source` }>;
type FileSink = Extract<CopySink, { readonly type: `${FileFormat}Sink` }>;

const WILDCARD = /[*?]/;

export function checkFileSource(source: CopySource, { dataset }: CopyEnd, report: ProblemReport): void {
  if (!isFileSource(source)) return;
  checkColumns(source.additionalColumns, true, report);
  reportMissing(missingFormat(dataset), report);
  const settings = source.storeSettings;
  if (settings?.type !== 'FileServerReadSettings') {
    if (settings !== undefined) reportMissingStore(settings.type, report);
    return;
  }
  const path = ['storeSettings'];
  const fileName = locationOf(dataset)?.fileName;
  const { wildcardFolderPath, wildcardFileName, fileListPath, deleteFilesAfterCompletion } = settings;
  if (fileListPath !== undefined && fileName !== undefined) {
    report.error([...path, 'fileListPath'], 'cannot go with a dataset that has a fileName');
  }
  if (fileListPath !== undefined && wildcardFileName !== undefined) {
    report.error([...path, 'fileListPath'], 'cannot go with wildcardFileName');
  }
  if (wildcardFolderPath !== undefined && wildcardFileName === undefined && fileName === undefined) {
    const hint = 'Use "*" for all files.';
    report.error([...path, 'wildcardFileName'], 'is missing: the dataset has no fileName', { hint });
  }
  for (const name of ['modifiedDatetimeStart', 'modifiedDatetimeEnd'] as const) {
    const text = literalText(settings[name]);
    if (text !== undefined && 'problem' in readTimestamp(text)) {
      report.error([...path, name], 'is not a date and time');
    }
  }
  if (deleteFilesAfterCompletion === true) {
    report.error([...path, 'deleteFilesAfterCompletion'], 'is for binary copies only', {
      factoryCode: 'DeleteFilesAfterCompletionNotSupportedForNonDirectBinaryCopy',
    });
  }
}

export function checkFileSink(sink: CopySink, { dataset }: CopyEnd, report: ProblemReport): void {
  if (!isFileSink(sink)) return;
  const { storeSettings } = sink;
  if (storeSettings !== undefined && storeSettings.type !== 'FileServerWriteSettings') {
    reportMissingStore(storeSettings.type, report);
  }
  reportMissing(missingWrittenFormat(dataset), report);
  const location = locationOf(dataset);
  if (location === undefined) return;
  const splits = sink.type !== 'JsonSink' && sink.formatSettings?.maxRowsPerFile !== undefined;
  const namesFile = (literalText(location.fileName) ?? '') !== '';
  if (splits && (namesFile || location.folderPath === undefined)) {
    report.error(['formatSettings', 'maxRowsPerFile'], 'needs a dataset with a folderPath and without a fileName', {
      hint: 'Name the files with fileNamePrefix.',
    });
  }
  for (const name of ['folderPath', 'fileName'] as const) {
    const text = literalText(location[name]);
    if (text === undefined || !WILDCARD.test(text)) continue;
    const message = `the ${name} of the dataset of the sink holds a wildcard`;
    report.error([], message, { factoryCode: 'WildcardPathSinkNotSupported' });
  }
  if (sink.type !== 'DelimitedTextSink' || location.fileName !== undefined) return;
  if (sink.formatSettings?.fileExtension === undefined) {
    report.error(['formatSettings', 'fileExtension'], 'is missing: the dataset of the sink has no fileName');
  }
}

interface Location {
  readonly folderPath?: unknown;
  readonly fileName?: unknown;
}

function locationOf(dataset: CopyEnd['dataset']): Location | undefined {
  const properties: unknown = dataset?.typeProperties;
  if (!isRecord(properties)) return undefined;
  const location = properties['location'];
  return isRecord(location) ? location : undefined;
}

function reportMissingStore(type: string, report: ProblemReport): void {
  report.error(['storeSettings', 'type'], `there is no connector for ${type} here`, { code: 'CONNECTOR_MISSING' });
}

function isFileSource(source: CopySource): source is FileSource {
  return isFile(connectorOf(source.type));
}

function isFileSink(sink: CopySink): sink is FileSink {
  return isFile(connectorOf(sink.type));
}
