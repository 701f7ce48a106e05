import type { Dataset, LinkedService } from '../definition/factory.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { type Connector, connectorOf, isFile } from './copy-types.ts';
import { type FactoryIndex, nameKey } from './factory-index.ts';

/** One end of a copy: what reads or writes, and what it is pointed at. */
export interface CopyEnd {
  readonly connector: Connector;
  /** `undefined` where it is not there or not as it should be, which is reported elsewhere. */
  readonly dataset: Dataset['properties'] | undefined;
  readonly linkedService: LinkedService['properties'] | undefined;
}

export interface EndPlace {
  /** Of the source or sink. */
  readonly type: string;
  readonly typePath: JsonPath;
  readonly datasetName: string | undefined;
  readonly datasetPath: JsonPath;
}

/** Finds the dataset and its linked service, and holds the types of all three against each other. */
export function checkEnd(
  { type, typePath, datasetName, datasetPath }: EndPlace,
  index: FactoryIndex,
  report: ProblemReport,
): CopyEnd {
  const connector = connectorOf(type);
  if (connector === 'unavailable') {
    report.error(typePath, `there is no connector for ${type} here`, { code: 'CONNECTOR_MISSING' });
  }
  const dataset = datasetName === undefined ? undefined : index.datasets.get(nameKey(datasetName));
  if (dataset === undefined) return { connector, dataset: undefined, linkedService: undefined };
  const datasetType = typeOf(dataset);
  if (connector !== 'unavailable' && datasetType !== undefined && connectorOf(datasetType) !== connector) {
    report.error(
      typePath,
      `${type} does not fit the dataset ${JSON.stringify(dataset.name)}, which is of type ${datasetType}`,
      {
        ...(connectorOf(datasetType) === 'unavailable' ? { code: 'CONNECTOR_MISSING' } : {}),
        hint: 'Use the source or sink that has the name of the type of the dataset, or another dataset.',
      },
    );
  }
  return {
    connector,
    dataset: dataset.properties,
    linkedService: linkedServiceOf(dataset, datasetPath, index, report),
  };
}

/** Whether the dataset's linked service is of a kind that has such data. */
function linkedServiceOf(
  dataset: DefinitionText<'dataset'>,
  path: JsonPath,
  index: FactoryIndex,
  report: ProblemReport,
): LinkedService['properties'] | undefined {
  const name = dataset.properties?.linkedServiceName.referenceName;
  const linkedService = name === undefined ? undefined : index.linkedServices.get(nameKey(name));
  if (linkedService === undefined) return undefined;
  const type = typeOf(linkedService);
  const connector = connectorOf(typeOf(dataset) ?? '');
  if (type === undefined || connector === 'unavailable') return linkedService.properties;
  const what = `the linked service ${JSON.stringify(linkedService.name)} of the dataset ${JSON.stringify(dataset.name)}`;
  if (isFile(connector) ? type === 'FileServer' : connectorOf(type) === connector) {
    checkLocation(dataset, path, report);
    return linkedService.properties;
  }
  const isKnown = type === 'FileServer' || type === 'AzureKeyVault' || connectorOf(type) !== 'unavailable';
  report.error(
    path,
    isKnown
      ? `${what} is of type ${type}, which has no such data`
      : `${what} is of type ${type}, which there is no connector for here`,
    isKnown ? {} : { code: 'CONNECTOR_MISSING' },
  );
  return undefined;
}

function checkLocation({ properties, name }: DefinitionText<'dataset'>, path: JsonPath, report: ProblemReport): void {
  const typeProperties: unknown = properties?.typeProperties;
  if (typeof typeProperties !== 'object' || typeProperties === null || !('location' in typeProperties)) return;
  // Formats have a location, and the schema of each says so.
  const { type } = typeProperties.location as { readonly type: string };
  if (type === 'FileServerLocation') return;
  report.error(
    path,
    `the dataset ${JSON.stringify(name)} has a location of type ${type}, which its linked service has not`,
    {
      code: 'CONNECTOR_MISSING',
    },
  );
}

function typeOf({ json }: DefinitionText): string | undefined {
  return typeof json['type'] === 'string' ? json['type'] : undefined;
}
