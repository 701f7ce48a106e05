import type * as z from 'zod';

/** What a schema says an option is for, as far as it can be told which one is meant. */
export function describedAt(schema: z.core.$ZodType, path: readonly (string | number)[]): string | undefined {
  let description: string | undefined;
  let found: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    found = memberOf(found, key);
    if (found === undefined) return typeof key === 'number' ? description : undefined;
    description = descriptionOf(found) ?? description;
  }
  return description;
}

/** The parts of zod's definitions that lead on. */
interface Definition {
  readonly innerType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

function memberOf(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined {
  for (const { shape, element, options } of layersOf(schema)) {
    if (typeof key === 'number' && element !== undefined) return element;
    if (shape !== undefined) return Object.hasOwn(shape, key) ? shape[key] : undefined;
    for (const option of options ?? []) {
      const member = memberOf(option, key);
      if (member !== undefined) return member;
    }
  }
  return undefined;
}

/** A default or an optional one may be described, or what is in it. */
function descriptionOf(schema: z.core.$ZodType): string | undefined {
  let layer: z.core.$ZodType | undefined = schema;
  while (layer !== undefined) {
    if ('description' in layer && typeof layer.description === 'string') return layer.description;
    layer = definitionOf(layer).innerType;
  }
  return undefined;
}

function layersOf(schema: z.core.$ZodType): readonly Definition[] {
  const definition = definitionOf(schema);
  return definition.innerType === undefined ? [definition] : [definition, ...layersOf(definition.innerType)];
}

function definitionOf(schema: z.core.$ZodType): Definition {
  // Which of them it has depends on the kind of schema.
  return schema._zod.def as Definition;
}
