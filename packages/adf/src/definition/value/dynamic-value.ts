import * as z from 'zod';

/** `{ "type": "Expression", "value": "…" }`: what a value is when it is known at run time only. */
export const expression = z.object({ type: z.literal('Expression'), value: z.string() }).meta({ id: 'Expression' });

export type Expression = z.output<typeof expression>;

const EXPRESSION_TEXT = /^@(?!@)|@\{/;

/**
 * A text that is an expression or holds one, where something else than a text belongs. It is parsed elsewhere; this
 * only tells it from other texts.
 */
export const expressionText = z.string().regex(EXPRESSION_TEXT, { abort: true }).brand<'expression'>();

export type ExpressionText = z.output<typeof expressionText>;

/** Of each union made here, the schema of what it is once evaluated. */
const EVALUATED = new WeakMap<object, z.ZodType>();

export type TextSchema = z.ZodUnion<readonly [z.ZodString, typeof expression]>;
export type DynamicSchema<Value extends z.ZodType> = z.ZodUnion<
  readonly [Value, typeof expression, typeof expressionText]
>;

/** A text, a text with expressions, or an expression. */
export function text(description: string): TextSchema {
  const schema = z.union([z.string(), expression]).meta({ description });
  EVALUATED.set(schema, z.string());
  return schema;
}

/** A text of a certain form. `expected` says which, after "must be". */
function patternText(description: string, pattern: RegExp, expected: string): TextSchema {
  const error = `must be ${expected}`;
  const authored = z.string().regex(new RegExp(`${pattern.source}|${EXPRESSION_TEXT.source}`), { error });
  const schema = z.union([authored, expression]).meta({ description });
  EVALUATED.set(schema, z.string().regex(pattern, { error }));
  return schema;
}

/** A value of another kind than text, or an expression that gives one. */
export function dynamic<Value extends z.ZodType>(description: string, value: Value): DynamicSchema<Value> {
  const schema = z.union([value, expression, expressionText]).meta({ description });
  EVALUATED.set(schema, value);
  return schema;
}

/** What a value is once evaluated; `undefined` for a schema that leaves no choice. */
export function evaluatedSchema(schema: object): z.ZodType | undefined {
  return EVALUATED.get(schema);
}

export function flag(description: string): DynamicSchema<z.ZodBoolean> {
  return dynamic(description, z.boolean());
}

export interface IntegerBounds {
  readonly min?: number;
  readonly max?: number;
}

export function integer(
  description: string,
  { min = 0, max = 2_147_483_647 }: IntegerBounds = {},
): DynamicSchema<z.ZodInt> {
  return dynamic(description, z.int().min(min).max(max));
}

/** One of some words, upper and lower case alike. */
export function choice<const Words extends readonly string[]>(
  description: string,
  words: Words,
): DynamicSchema<z.ZodEnum<{ [Word in Words[number]]: Word }>> {
  return dynamic(description, z.enum(words));
}

/** `d.hh:mm:ss`, as the service's own schema has it. */
const TIMESPAN = /^(?:\d+\.)?\d\d:(?:60|[0-5]\d):(?:60|[0-5]\d)$/;

export function timespan(description: string): TextSchema {
  return patternText(description, TIMESPAN, 'a time span such as 0.02:30:00 (days.hours:minutes:seconds)');
}

/** Any JSON; strings in it may be expressions. */
export function json(description: string): z.ZodUnknown {
  return z.unknown().meta({ description });
}
