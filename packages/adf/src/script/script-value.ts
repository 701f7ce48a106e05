import { SluiceError } from '@sluice/core';

import type { SCRIPT_PARAMETER_TYPES } from '../definition/activity/script-activity.ts';
import type { ExpressionValue } from '../expression/expression-value.ts';

export type ScriptType = (typeof SCRIPT_PARAMETER_TYPES)[number];

interface BoundType {
  /** What the value is to the server. An instant with a zone is one with a zone there, too. */
  sqlType(text: string): string;
  /** Undefined for a value that is none of the type. */
  read(text: string): string | undefined;
}

const WHOLE = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const FLOAT = /^\s*(?:[+-]?infinity|nan)\s*$/i;
const GUID = /^\s*\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?\s*$/i;
const DATE = /^\s*\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)?\s*$/i;
const ZONE = /:\d\d(?:\.\d+)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)\s*$/i;
const SPAN = /^\s*(-)?(?:(\d+)\.)?(\d{1,2}:\d\d:\d\d(?:\.\d+)?)\s*$/;

const matching = (sqlType: string, ...patterns: readonly RegExp[]): BoundType => ({
  sqlType: () => sqlType,
  read: (text) => (patterns.some((pattern) => pattern.test(text)) ? text.trim() : undefined),
});

const instant: BoundType = {
  sqlType: (text) => (ZONE.test(text) ? 'timestamptz' : 'timestamp'),
  read: (text) => (DATE.test(text) ? text.trim() : undefined),
};

const TYPES: Readonly<Record<ScriptType, BoundType>> = {
  Boolean: {
    sqlType: () => 'boolean',
    read: (text) => (/^\s*(?:true|false)\s*$/i.test(text) ? text.trim().toLowerCase() : undefined),
  },
  DateTime: instant,
  DateTimeOffset: matching('timestamptz', DATE),
  Decimal: matching('numeric', NUMBER),
  Double: matching('double precision', NUMBER, FLOAT),
  Guid: matching('uuid', GUID),
  Int16: matching('smallint', WHOLE),
  Int32: matching('integer', WHOLE),
  Int64: matching('bigint', WHOLE),
  Single: matching('real', NUMBER, FLOAT),
  String: { sqlType: () => 'text', read: (text) => text },
  // Days are not part of a time of day to the server.
  Timespan: {
    sqlType: () => 'interval',
    read(text) {
      const [match, sign = '', days = '0', time] = SPAN.exec(text) ?? [];
      return match === undefined ? undefined : `${sign}${days} days ${sign}${time}`;
    },
  },
};

export interface BoundValue {
  /** As the server reads it. */
  readonly text: string | null;
  readonly sqlType: string;
}

/** A value for a parameter of a type. @throws `CONFIG_INVALID` naming the parameter, without the value. */
export function boundValue(value: ExpressionValue | undefined, type: ScriptType, what: string): BoundValue {
  const bound = TYPES[type];
  if (value === null || value === undefined) return { text: null, sqlType: bound.sqlType('') };
  const text = typeof value === 'object' ? undefined : bound.read(String(value));
  if (text !== undefined) return { text, sqlType: bound.sqlType(text) };
  throw new SluiceError('CONFIG_INVALID', `${what} must be of type ${type}`, {
    hint: 'Correct the value or the type.',
  });
}
