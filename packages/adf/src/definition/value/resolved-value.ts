import type { Expression, ExpressionText } from './dynamic-value.ts';

/** What is left of a definition once its expressions have been evaluated. */
export type Resolved<Value> = Value extends Expression | ExpressionText
  ? never
  : Value extends string | number | bigint | boolean | null | undefined
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly Resolved<Item>[]
      : Value extends object
        ? { readonly [Key in keyof Value]: Resolved<Value[Key]> }
        : Value;

/** The output of a schema: nothing of a definition changes once it has been read. */
export type Frozen<Value> = Value extends string | number | bigint | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
      : Value;
