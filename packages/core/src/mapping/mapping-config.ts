import type { Json, JsonObject } from '../contract/json.ts';
import type { ColumnSpec, TakenColumn } from './column-spec.ts';
import { typeName } from './type-name.ts';

const VERSION = 1;

/** What tells a mapping from others, as JSON. */
export function mappingConfig(columns: readonly ColumnSpec[], others: 'drop' | 'keep'): Json {
  return { version: VERSION, columns: columns.map(columnConfig), others };
}

function columnConfig(spec: ColumnSpec): JsonObject {
  switch (spec.kind) {
    case 'take':
      return takeConfig(spec);
    case 'constant':
      return { constant: spec.as, type: typeName(spec.type), value: valueConfig(spec.value) };
    case 'computed': {
      const from = Object.fromEntries(Object.entries(spec.from).map(([name, input]) => [name, takeConfig(input)]));
      return { computed: spec.as, type: typeName(spec.type), function: spec.function, from };
    }
  }
}

function takeConfig({ from, as, type, excessDigits, excessTime }: TakenColumn): JsonObject {
  return {
    take: from,
    as: as ?? from,
    ...(type === undefined ? {} : { type: typeName(type) }),
    excessDigits: excessDigits ?? 'error',
    excessTime: excessTime ?? 'error',
  };
}

function valueConfig(value: unknown): Json {
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  // Booleans, numbers, texts and null are left.
  return value as Json;
}
