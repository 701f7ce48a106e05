import type { LookupActivity } from '../definition/activity/activity.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { checkEnd } from './copy-end.ts';
import { isDatabase, isOrg } from './copy-types.ts';
import type { FactoryIndex } from './factory-index.ts';
import { checkFileSource } from './file-check.ts';
import { checkDatabaseSource } from './postgres-check.ts';
import { checkSalesforceSource } from './salesforce-check.ts';

export function checkLookup({ typeProperties }: LookupActivity, index: FactoryIndex, report: ProblemReport): void {
  const { source, dataset } = typeProperties;
  const path = ['typeProperties', 'source'];
  const datasetPath = ['typeProperties', 'dataset'];
  const end = checkEnd(
    { type: source.type, typePath: [...path, 'type'], datasetName: dataset.referenceName, datasetPath },
    index,
    report,
  );
  if (isOrg(end.connector)) checkSalesforceSource(source, end, index, report.within(path));
  else if (isDatabase(end.connector)) checkDatabaseSource(source, end, report.within(path));
  else checkFileSource(source, end, report.within(path));
  if (end.dataset?.structure !== undefined) {
    report.warn(datasetPath, 'the dataset has a structure, which lookups do not use');
  }
}
