import { type Data, type DataType, makeData } from 'apache-arrow';

/** The buffers of a column, by the names Arrow has for them. */
export type Layout = Readonly<Record<string, unknown>>;

export function made(type: DataType, layout: Layout): Data {
  // The overloads ask for the very type, which only the caller's checks know.
  return makeData({ type, ...layout } as never);
}
