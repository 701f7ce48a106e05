import * as z from 'zod';

import { evaluatedSchema } from '../definition/value/dynamic-value.ts';

const KNOWN = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/**
 * The schema of a definition once its expressions are evaluated: what could be an expression is a value.
 *
 * An expression with text around it gives a text whatever it is for, so numbers and booleans are read from texts, too.
 */
export function schemaOfEvaluated(schema: z.core.$ZodType): z.core.$ZodType {
  const known = KNOWN.get(schema);
  if (known !== undefined) return known;
  const made = make(schema);
  KNOWN.set(schema, made);
  return made;
}

function make(schema: z.core.$ZodType): z.core.$ZodType {
  const value = evaluatedSchema(schema);
  if (value !== undefined) return leaf(value);
  if (schema instanceof z.ZodOptional) return z.optional(notNull(z.optional(schemaOfEvaluated(schema.def.innerType))));
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const { innerType, defaultValue } = schema.def;
    return z.prefault(notNull(z.prefault(schemaOfEvaluated(innerType), defaultValue)), defaultValue);
  }
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.shape).map(([name, member]) => [name, schemaOfEvaluated(member)]),
    );
    return z.object(shape);
  }
  if (schema instanceof z.ZodArray) return z.array(schemaOfEvaluated(schema.def.element));
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map(schemaOfEvaluated));
  return schema;
}

/** An expression that gives null is as good as none. */
function notNull(schema: z.ZodType): z.ZodType {
  return z.preprocess((value) => value ?? undefined, schema);
}

function leaf(value: z.ZodType): z.core.$ZodType {
  if (value instanceof z.ZodNumber) return z.preprocess(numberOf, value);
  if (value instanceof z.ZodBoolean) return z.preprocess(booleanOf, value);
  if (value instanceof z.ZodEnum) return z.preprocess((word) => wordOf(word, value.options.map(String)), value);
  if (value instanceof z.ZodString) return z.preprocess(textOf, value);
  return schemaOfEvaluated(value);
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

function booleanOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : value;
}

function wordOf(value: unknown, words: readonly string[]): unknown {
  return typeof value === 'string'
    ? (words.find((word) => word.toLowerCase() === value.toLowerCase()) ?? value)
    : value;
}

function textOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value;
}
