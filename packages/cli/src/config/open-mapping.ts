import { type Mapping, SluiceError } from '@sluice/core';
import { type ColumnSpec, constant, mapping, take } from '@sluice/core/mapping';
import { Bool, Float64, Int32, Int64, Utf8 } from 'apache-arrow';

import { typeOf } from './column-types.ts';
import type { MappingConfig } from './mapping-config.ts';

type ColumnConfig = MappingConfig['columns'][number];
type ConstantConfig = Extract<ColumnConfig, { readonly constant: unknown }>;

/** @throws `CONFIG_INVALID` for a constant that is not of its type, and for a decimal there is none of. */
export function openMapping({ columns, others }: MappingConfig): Mapping {
  return mapping({ columns: columns.map(openColumn), ...(others === undefined ? {} : { others }) });
}

function openColumn(column: ColumnConfig): string | ColumnSpec {
  if (typeof column === 'string') return column;
  if ('constant' in column) return openConstant(column);
  const { take: from, type, ...options } = column;
  return take(from, { ...options, ...(type === undefined ? {} : { type: typeOf(type) }) });
}

function openConstant({ constant: value, as, type }: ConstantConfig): ColumnSpec {
  switch (type) {
    case 'text':
      if (value === null || typeof value === 'string') return constant(as, new Utf8(), value);
      break;
    case 'boolean':
      if (value === null || typeof value === 'boolean') return constant(as, new Bool(), value);
      break;
    case 'int32':
      if (value === null || Number.isInteger(value)) return constant(as, new Int32(), numberOf(value));
      break;
    case 'int64':
      if (value === null) return constant(as, new Int64(), null);
      if (Number.isSafeInteger(value)) return constant(as, new Int64(), BigInt(Number(value)));
      break;
    case 'double':
      if (value === null || typeof value === 'number') return constant(as, new Float64(), value);
      break;
    default:
      throw invalid(`the constant ${as} can be text, boolean, int32, int64 or double, and not ${type}`);
  }
  throw invalid(`the constant ${as} is no ${type}`);
}

function numberOf(value: ConstantConfig['constant']): number | null {
  return typeof value === 'number' ? value : null;
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `map.columns: ${problem}`, { hint: 'Correct the configuration.' });
}
