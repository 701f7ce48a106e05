import * as z from 'zod';

import { datasetProperties } from './dataset/dataset.ts';
import { linkedServiceProperties } from './linked-service/linked-service.ts';
import { pipelineProperties } from './pipeline.ts';

const PROPERTIES = { linkedService: linkedServiceProperties, dataset: datasetProperties, pipeline: pipelineProperties };

const TITLES: Readonly<Record<keyof typeof PROPERTIES, string>> = {
  linkedService: 'A linked service of Azure Data Factory',
  dataset: 'A dataset of Azure Data Factory',
  pipeline: 'A pipeline of Azure Data Factory',
};

/** JSON schema of the files of one kind, as text: what runs here, with what may be an expression. */
export function renderSchema(kind: keyof typeof PROPERTIES): string {
  const file = z
    .object({ name: z.string().meta({ description: 'Name, unique among its kind.' }), properties: PROPERTIES[kind] })
    .meta({ title: TITLES[kind] });
  // As it is written, before what is left out is filled in.
  const schema = z.toJSONSchema(file, { io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
