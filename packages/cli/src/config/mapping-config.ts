import * as z from 'zod';

import { typeName } from './column-types.ts';

const name = z.string().min(1);

const takenColumn = z.strictObject({
  take: name.meta({ description: 'A column of the source.' }),
  as: name.exactOptional().meta({ description: 'Its new name.' }),
  type: typeName.exactOptional(),
  excessDigits: z
    .enum(['error', 'round'])
    .exactOptional()
    .meta({ description: 'Digits the type has no room for: reject the row (default), or round.' }),
  excessTime: z
    .enum(['error', 'cut'])
    .exactOptional()
    .meta({ description: 'What is finer than the type: reject the row (default), or cut it off.' }),
});

const constantColumn = z.strictObject({
  constant: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .meta({ description: 'The same value in every row.' }),
  as: name.meta({ description: 'Name of the column.' }),
  type: typeName,
});

/** The columns on their way from source to sink. */
export const mappingConfig = z.strictObject({
  columns: z
    .array(z.union([name, takenColumn, constantColumn], { error: 'must be a name, or have take or constant' }))
    .meta({ description: 'The columns of the target, in order: names, or columns renamed, cast or constant.' }),
  others: z
    .enum(['drop', 'keep'])
    .exactOptional()
    .meta({ description: 'What becomes of columns that are not named. Default: drop.' }),
});

export type MappingConfig = z.output<typeof mappingConfig>;
