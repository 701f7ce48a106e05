import type { ScriptActivity } from '../definition/activity/activity.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { checkStore } from './copy-log-check.ts';
import { connectorOf, isDatabase } from './copy-types.ts';
import { literalText } from './expression-check.ts';
import { type FactoryIndex, nameKey } from './factory-index.ts';

export function checkScript(
  { linkedServiceName, typeProperties }: ScriptActivity,
  index: FactoryIndex,
  report: ProblemReport,
): void {
  checkService(linkedServiceName.referenceName, index, report);
  const { scripts, scriptReference, logSettings } = typeProperties;
  scripts.forEach(({ text, parameters }, place) => {
    const path = ['typeProperties', 'scripts', place];
    if (literalText(text)?.trim() === '') report.error([...path, 'text'], 'must not be empty');
    const named = parameters.filter(({ name }) => name !== undefined && literalText(name) !== '');
    if (named.length > 0 && named.length < parameters.length) {
      report.error([...path, 'parameters'], 'some have a name and some have none', {
        hint: 'Name all of them, which stand as @name in the text, or none, which stand as $1 and so on.',
      });
    }
    const seen = new Set<string>();
    for (const [at, { name }] of parameters.entries()) {
      const key = literalText(name)?.toLowerCase();
      if (key === undefined || key === '') continue;
      if (seen.has(key)) report.error([...path, 'parameters', at, 'name'], 'another parameter has this name, too');
      seen.add(key);
    }
  });
  if (scriptReference !== undefined) {
    report.error(['typeProperties', 'scriptReference'], 'scripts in files cannot be run here', {
      code: 'CONNECTOR_MISSING',
      hint: 'Write the text into the pipeline.',
    });
  }
  const location = logSettings?.logLocationSettings;
  const path = ['typeProperties', 'logSettings', 'logLocationSettings'];
  if (logSettings?.logDestination === 'ExternalStore' && location === undefined) {
    report.error(path, 'is missing: the log has to be written somewhere');
  }
  if (location !== undefined) checkStore(location.linkedServiceName.referenceName, path, index, report);
}

function checkService(name: string, index: FactoryIndex, report: ProblemReport): void {
  const type = index.linkedServices.get(nameKey(name))?.json['type'];
  if (typeof type !== 'string') return;
  const connector = connectorOf(type);
  if (!isDatabase(connector)) {
    report.error(['linkedServiceName'], `is of type ${type}, in which no script can be run here`, {
      code: 'CONNECTOR_MISSING',
      hint: 'Refer to a linked service of type AzurePostgreSql.',
    });
  } else if (connector === 'postgreSqlV2') {
    report.beyondFactory(['linkedServiceName'], 'is of type PostgreSqlV2, in which Data Factory runs no scripts', {
      hint: 'Make it an AzurePostgreSql, which may be anywhere.',
    });
  }
}
