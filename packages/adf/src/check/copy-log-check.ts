import type { CopyActivity } from '../definition/activity/activity.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { type FactoryIndex, nameKey } from './factory-index.ts';

/** Where rows that were skipped are logged. */
export function checkCopyLog(
  properties: CopyActivity['typeProperties'],
  index: FactoryIndex,
  report: ProblemReport,
): void {
  const { logSettings, logStorageSettings, redirectIncompatibleRowSettings: redirect } = properties;
  if (logSettings !== undefined) {
    const location = logSettings.logLocationSettings;
    if (location !== undefined) {
      checkStore(location.linkedServiceName.referenceName, ['logSettings', 'logLocationSettings'], index, report);
    } else if (logSettings.enableCopyActivityLog !== false) {
      report.error(['logSettings', 'logLocationSettings'], 'is missing: the log has to be written somewhere');
    }
  }
  if (logStorageSettings !== undefined) {
    report.warn(['logStorageSettings'], 'is the older form of logSettings', { hint: 'Use logSettings.' });
    checkStore(logStorageSettings.linkedServiceName.referenceName, ['logStorageSettings'], index, report);
  }
  if (redirect?.linkedServiceName !== undefined) {
    report.warn(['redirectIncompatibleRowSettings'], 'is the oldest form of logSettings', { hint: 'Use logSettings.' });
    checkStore(redirect.linkedServiceName.referenceName, ['redirectIncompatibleRowSettings'], index, report);
  }
}

/** Data Factory logs to Azure storage only; here to whatever store there is. */
export function checkStore(name: string, path: JsonPath, index: FactoryIndex, report: ProblemReport): void {
  const type = index.linkedServices.get(nameKey(name))?.json['type'];
  if (typeof type !== 'string' || type === 'FileServer') return;
  report.error([...path, 'linkedServiceName'], `is of type ${type}, which nothing can be logged to here`, {
    code: 'CONNECTOR_MISSING',
    hint: 'Log to a linked service of type FileServer.',
  });
}
