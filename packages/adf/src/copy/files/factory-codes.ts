import { type Json, type Source, SluiceError } from '@sluice/core';

/** The name Data Factory has for what is wrong with a file: "Troubleshoot … format connector", read 2026-11. */
export type FactoryCodeOf = (error: SluiceError) => string | undefined;

export const textFileCode: FactoryCodeOf = ({ code, details }) =>
  code === 'ROW_MALFORMED' && memberOf(details, 'cells') === 'more' ? 'DelimitedTextMoreColumnsThanDefined' : undefined;

export const parquetFileCode: FactoryCodeOf = ({ code }) =>
  code === 'FILE_CORRUPT' ? 'ParquetInvalidFile' : undefined;

/** The same source, its errors with such a name among their details. */
export function withFactoryCodes(source: Source, codeOf: FactoryCodeOf): Source {
  const coded = (error: unknown): unknown => {
    const factoryCode = SluiceError.is(error) ? codeOf(error) : undefined;
    if (!SluiceError.is(error) || factoryCode === undefined) return error;
    const { code, message, hint, details, retryable } = error;
    return new SluiceError(code, message, {
      cause: error,
      retryable,
      ...(hint === undefined ? {} : { hint }),
      details: { ...membersOf(details), factoryCode },
    });
  };
  async function* codedItems<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      throw coded(error);
    }
  }
  return {
    ...source,
    async plan(ctx) {
      try {
        return await source.plan(ctx);
      } catch (error) {
        throw coded(error);
      }
    },
    splits: (plan, ctx, after) => codedItems(source.splits(plan, ctx, after)),
    read: (plan, split, ctx, from) => codedItems(source.read(plan, split, ctx, from)),
  };
}

function memberOf(details: Json | undefined, name: string): Json | undefined {
  return membersOf(details)[name];
}

function membersOf(details: Json | undefined): Readonly<Record<string, Json | undefined>> {
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  // Of JSON, an object is what is left.
  return isObject ? (details as Readonly<Record<string, Json | undefined>>) : {};
}
