import * as z from 'zod';

import { evaluatedSchema } from '../definition/value/dynamic-value.ts';

const resolved = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/**
 * The schema of what a definition is once its expressions have been evaluated: each place that takes an expression
 * takes the value alone. Words are the same whatever their case.
 */
export function resolvedSchema(schema: z.core.$ZodType): z.core.$ZodType {
  const known = resolved.get(schema);
  if (known !== undefined) return known;
  const made = makeSchema(schema);
  resolved.set(schema, made);
  return made;
}

function makeSchema(schema: z.core.$ZodType): z.core.$ZodType {
  const value = evaluatedSchema(schema);
  if (value !== undefined) return value instanceof z.ZodEnum ? anyCase(value) : resolvedSchema(value);
  if (schema instanceof z.ZodOptional) return z.optional(resolvedSchema(schema.unwrap()));
  if (schema instanceof z.ZodDefault) return z._default(resolvedSchema(schema.unwrap()), schema.def.defaultValue);
  if (schema instanceof z.ZodPrefault) return z.prefault(resolvedSchema(schema.unwrap()), schema.def.defaultValue);
  if (schema instanceof z.ZodArray) return z.array(resolvedSchema(schema.element));
  if (schema instanceof z.ZodRecord) return z.record(z.string(), resolvedSchema(schema.valueType));
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map(resolvedSchema));
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      // Shapes hold schemas.
      Object.entries(schema.shape).map(([name, member]) => [name, resolvedSchema(member as z.core.$ZodType)]),
    );
    return schema.def.catchall === undefined ? z.object(shape) : z.looseObject(shape);
  }
  return schema;
}

function anyCase(words: z.ZodEnum): z.core.$ZodType {
  const spelled = (text: unknown): unknown =>
    typeof text === 'string'
      ? (words.options.find((word) => String(word).toLowerCase() === text.toLowerCase()) ?? text)
      : text;
  return z.preprocess(spelled, words);
}
