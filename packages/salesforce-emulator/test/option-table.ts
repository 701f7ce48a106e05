import * as z from 'zod';

import { emulatorOptionsSchema } from '../src/index.ts';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  /** What Salesforce does is not known, or varies. */
  readonly unverified?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

type OptionRow = readonly [name: string, values: string, preset: string, known: string, description: string];

/** Every option, nested ones with a dot. */
export function optionRows(): readonly OptionRow[] {
  // The JSON schema of an object schema.
  return rowsOf(z.toJSONSchema(emulatorOptionsSchema, { io: 'input' }) as JsonSchema, '');
}

function rowsOf({ properties = {} }: JsonSchema, prefix: string): readonly OptionRow[] {
  return Object.entries(properties).flatMap(([name, schema]): readonly OptionRow[] => {
    if (schema.properties !== undefined) return rowsOf(schema, `${prefix}${name}.`);
    const preset = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default).replaceAll('"', '')}\``;
    return [
      [
        `\`${prefix}${name}\``,
        valuesOf(schema),
        preset,
        schema.unverified === true ? 'unverified' : '',
        schema.description ?? '',
      ],
    ];
  });
}

function valuesOf({ type, enum: values, const: only, anyOf, items }: JsonSchema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (anyOf !== undefined) return anyOf.map(valuesOf).join(', ');
  if (items !== undefined) return `list of ${valuesOf(items)}`;
  return type ?? '';
}
