import * as z from 'zod';

import { evaluatedSchema } from '../definition/value/dynamic-value.ts';

/** What of a schema matters to reading JSON by it. */
export type SchemaShape =
  | { readonly kind: 'object'; readonly schema: z.ZodObject; readonly isOpen: boolean }
  | { readonly kind: 'array'; readonly item: z.core.$ZodType }
  | { readonly kind: 'record'; readonly value: z.core.$ZodType }
  | { readonly kind: 'byType'; readonly options: readonly z.ZodObject[] }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'dynamic'; readonly value: z.ZodType }
  | { readonly kind: 'other' };

export function schemaShape(wrapped: z.core.$ZodType): SchemaShape {
  const schema = unwrapped(wrapped);
  const value = evaluatedSchema(schema);
  if (value !== undefined) return { kind: 'dynamic', value };
  if (schema instanceof z.ZodObject) return { kind: 'object', schema, isOpen: schema.def.catchall !== undefined };
  if (schema instanceof z.ZodArray) return { kind: 'array', item: schema.def.element };
  if (schema instanceof z.ZodRecord) return { kind: 'record', value: schema.def.valueType };
  if (schema instanceof z.ZodUnion)
    return { kind: 'byType', options: schema.options.filter((option) => option instanceof z.ZodObject) };
  const words = wordsOf(schema);
  return words === undefined ? { kind: 'other' } : { kind: 'words', words };
}

/** The words that the member `type` of an object can be. */
export function typesOf({ shape }: z.ZodObject): readonly string[] {
  return shape['type'] === undefined ? [] : (wordsOf(unwrapped(shape['type'])) ?? []);
}

/** Whether a member may be left out. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === 'optional';
}

function wordsOf(schema: z.core.$ZodType): readonly string[] | undefined {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  return undefined;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.def.innerType);
  }
  return schema instanceof z.ZodLazy ? unwrapped(schema.def.getter()) : schema;
}
