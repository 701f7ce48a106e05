import type { CopyActivity } from '../definition/activity/activity.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { checkEnd } from './copy-end.ts';
import { checkCopyLog } from './copy-log-check.ts';
import { isDatabase, isOrg } from './copy-types.ts';
import type { FactoryIndex } from './factory-index.ts';
import { checkFileSink, checkFileSource } from './file-check.ts';
import { checkDatabaseSink, checkDatabaseSource } from './postgres-check.ts';
import { checkSalesforceSink, checkSalesforceSource } from './salesforce-check.ts';
import { checkTranslator } from './translator-check.ts';

const LEAST_UNITS = 2;
const MOST_UNITS = 256;

const SKIP_CODES: Readonly<Record<string, string>> = {
  fileMissing: 'SkipMissingFileNotSupportedForNonDirectBinaryCopy',
  fileForbidden: 'SkipForbiddenFileNotSupportedForNonDirectBinaryCopy',
  dataInconsistency: 'SkipInconsistentFileNotSupportedForNonDirectBinaryCopy',
  invalidFileName: 'SkipInvalidFileNameNotSupportedForNonDirectBinaryCopy',
};

export function checkCopy(activity: CopyActivity, index: FactoryIndex, report: ProblemReport): void {
  const { inputs, outputs, policy, typeProperties } = activity;
  const { source, sink } = typeProperties;
  const sourcePath = ['typeProperties', 'source'];
  const sinkPath = ['typeProperties', 'sink'];
  const from = checkEnd(
    {
      type: source.type,
      typePath: [...sourcePath, 'type'],
      datasetName: inputs[0]?.referenceName,
      datasetPath: ['inputs', 0],
    },
    index,
    report,
  );
  const to = checkEnd(
    {
      type: sink.type,
      typePath: [...sinkPath, 'type'],
      datasetName: outputs[0]?.referenceName,
      datasetPath: ['outputs', 0],
    },
    index,
    report,
  );
  if (isOrg(from.connector)) checkSalesforceSource(source, from, index, report.within(sourcePath));
  else if (isDatabase(from.connector)) checkDatabaseSource(source, from, report.within(sourcePath));
  else checkFileSource(source, from, report.within(sourcePath));
  if (isOrg(to.connector)) checkSalesforceSink(sink, to, policy, report.within(sinkPath));
  else if (isDatabase(to.connector)) checkDatabaseSink(sink, to, report.within(sinkPath));
  else checkFileSink(sink, to, report.within(sinkPath));
  checkTranslator(activity, from, to, report.within(['typeProperties']));
  checkCopyLog(typeProperties, index, report.within(['typeProperties']));
  checkPerformance(typeProperties, report.within(['typeProperties']));
}

function checkPerformance(properties: CopyActivity['typeProperties'], report: ProblemReport): void {
  const { dataIntegrationUnits: units, enableStaging, skipErrorFile } = properties;
  if (typeof units === 'number' && (units < LEAST_UNITS || units > MOST_UNITS)) {
    report.warn(['dataIntegrationUnits'], `Data Factory takes ${LEAST_UNITS} to ${MOST_UNITS}; it has no effect here`);
  }
  if (enableStaging !== false) {
    report.warn(['enableStaging'], 'nothing is staged here: rows go from the source to the sink directly');
  }
  for (const [name, value] of Object.entries(skipErrorFile ?? {})) {
    if (value !== true) continue;
    const factoryCode = SKIP_CODES[name];
    report.error(
      ['skipErrorFile', name],
      'is for binary copies only',
      factoryCode === undefined ? {} : { factoryCode },
    );
  }
}
