/** How a value lies in a binary COPY. */
export type ScalarKind =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'oid'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid'
  | 'bytea'
  | 'text'
  | 'json'
  | 'jsonb'
  | 'enum';

export interface ScalarType {
  readonly kind: ScalarKind;
  /** What a domain is made of, as the server writes it. */
  readonly baseName?: string;
  /** As the server writes it, such as `numeric(10,2)`. */
  readonly name: string;
  readonly oid: number;
  /** Of `numeric`, where it is declared. */
  readonly precision?: number;
  readonly scale?: number;
  /** Of `character varying` and `character`: characters at most. */
  readonly maxLength?: number;
  /** Fraction digits of a second, where fewer than 6 are declared. */
  readonly secondDigits?: number;
  /** Of an enumeration. */
  readonly labels?: readonly string[];
}

export interface ArrayType {
  readonly kind: 'array';
  readonly baseName?: string;
  readonly name: string;
  readonly oid: number;
  readonly element: ScalarType;
}

/** A type without a binary form known here: it travels as its text. */
export interface OtherType {
  readonly kind: 'other';
  readonly baseName?: string;
  readonly name: string;
  readonly oid: number;
}

export type ColumnType = ScalarType | ArrayType | OtherType;

/** Object ids of built-in types, which are the same on every server (PostgreSQL source, pg_type.dat). */
const KIND_OF_OID: Readonly<Record<number, ScalarKind>> = {
  16: 'bool',
  17: 'bytea',
  19: 'text',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'float4',
  701: 'float8',
  1042: 'text',
  1043: 'text',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
};

/** What a value of a result is, by the object id of its type. */
export function typeWord(oid: number): ScalarKind | 'other' {
  return KIND_OF_OID[oid] ?? 'other';
}

const VARLENA_HEADER = 4;
const NUMERIC = 1700;
const BOUNDED_TEXT: ReadonlySet<number> = new Set([1042, 1043]);
const WITH_SECONDS: ReadonlySet<number> = new Set([1083, 1114, 1184]);

export interface BuiltInType {
  readonly oid: number;
  readonly name: string;
  /** -1 without a modifier. */
  readonly typmod: number;
}

export function builtInType({ oid, name, typmod }: BuiltInType): ScalarType | undefined {
  const kind = KIND_OF_OID[oid];
  if (kind === undefined) return undefined;
  const type = { kind, name, oid };
  if (typmod < 0) return type;
  if (oid === NUMERIC) return { ...type, ...numericBounds(typmod) };
  if (BOUNDED_TEXT.has(oid)) return { ...type, maxLength: typmod - VARLENA_HEADER };
  if (WITH_SECONDS.has(oid) && typmod < 6) return { ...type, secondDigits: typmod };
  return type;
}

/** Since version 15 the scale has 11 bits and a sign. */
function numericBounds(typmod: number): { readonly precision: number; readonly scale: number } {
  const bounds = typmod - VARLENA_HEADER;
  return { precision: (bounds >> 16) & 0xffff, scale: ((bounds & 0x7ff) ^ 1024) - 1024 };
}
