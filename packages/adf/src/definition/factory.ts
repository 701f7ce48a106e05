import type { DatasetProperties } from './dataset/dataset.ts';
import type { LinkedServiceProperties } from './linked-service/linked-service.ts';
import type { PipelineProperties } from './pipeline.ts';

export type DefinitionKind = 'linkedService' | 'dataset' | 'pipeline';

export interface Definition<Properties> {
  /** As the definition spells it. */
  readonly name: string;
  /** As given or relative to the folder that was read, for messages. */
  readonly file: string;
  /** Where in the file the properties stand, such as `properties` or `resources[3].properties`. */
  readonly path: string;
  readonly properties: Properties;
}

export type LinkedService = Definition<LinkedServiceProperties>;
export type Dataset = Definition<DatasetProperties>;
export type Pipeline = Definition<PipelineProperties>;

/** Definitions of one kind, in order of name. */
export interface Definitions<Item> extends Iterable<Item> {
  readonly size: number;
  /** Names are the same whatever their case, as in Data Factory. */
  get(name: string): Item | undefined;
}

/** A data factory or Synapse workspace as it was read: nothing in it is evaluated, and nothing has been looked up. */
export interface Factory {
  readonly name: string;
  readonly linkedServices: Definitions<LinkedService>;
  readonly datasets: Definitions<Dataset>;
  readonly pipelines: Definitions<Pipeline>;
  /** Values of `pipeline().globalParameters`. */
  readonly globalParameters: Readonly<Record<string, unknown>>;
}
