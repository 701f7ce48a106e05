import type { Session } from '../client/session.ts';
import { builtInType, type ColumnType, type ScalarType } from './column-type.ts';

/** A type as a column or a result declares it. */
export interface DeclaredType {
  readonly oid: number;
  readonly typmod: number;
}

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange. */
  readonly type: string;
  readonly element: number;
  readonly isArray: boolean;
  readonly base: number;
  readonly base_typmod: number;
  readonly labels: readonly string[] | null;
}

/** Looks types up, with the domains, arrays and enumerations they are made of. */
export async function columnTypes(session: Session, declared: readonly DeclaredType[]): Promise<readonly ColumnType[]> {
  const known = new Map<number, TypeRow>();
  let wanted = declared.map(({ oid }) => oid);
  while (wanted.length > 0) {
    const rows = await readTypes(session, wanted);
    for (const row of rows) known.set(row.oid, row);
    wanted = rows.flatMap(({ element, base }) => [element, base]).filter((oid) => oid !== 0 && !known.has(oid));
  }
  const bases = declared.map((type) => baseOf(known, type));
  const names = await typeNames(session, [...declared, ...bases]);
  return declared.map((type, index) => {
    const [name, baseName] = [names[index]!, names[declared.length + index]!];
    // A domain travels as what it is made of, and keeps its name for errors.
    const base = resolveType(known, bases[index]!, baseName);
    return bases[index] === type ? base : { ...base, name, baseName };
  });
}

async function readTypes(session: Session, oids: readonly number[]): Promise<readonly TypeRow[]> {
  return await session.rows<TypeRow>(
    'look types up',
    `SELECT t.oid::int8::float8 AS oid, t.typname AS name, t.typtype AS type,
            t.typelem::int8::float8 AS element, t.typcategory = 'A' AS "isArray",
            t.typbasetype::int8::float8 AS base, t.typtypmod AS base_typmod,
            (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
       FROM pg_type t WHERE t.oid = ANY ($1::int8[]::oid[])`,
    [[...new Set(oids)]],
  );
}

async function typeNames(session: Session, declared: readonly DeclaredType[]): Promise<readonly string[]> {
  const rows = await session.rows<{ name: string }>(
    'look types up',
    `SELECT format_type(oid::oid, CASE WHEN typmod < 0 THEN NULL ELSE typmod END) AS name
       FROM unnest($1::int8[], $2::int4[]) WITH ORDINALITY AS t (oid, typmod, place) ORDER BY place`,
    [declared.map(({ oid }) => oid), declared.map(({ typmod }) => typmod)],
  );
  return rows.map(({ name }) => name);
}

function baseOf(known: ReadonlyMap<number, TypeRow>, type: DeclaredType): DeclaredType {
  const row = known.get(type.oid);
  return row?.type === 'd' ? baseOf(known, { oid: row.base, typmod: row.base_typmod }) : type;
}

function resolveType(known: ReadonlyMap<number, TypeRow>, { oid, typmod }: DeclaredType, name: string): ColumnType {
  const row = known.get(oid);
  if (row === undefined) return { kind: 'other', name, oid };
  if (row.isArray && row.element !== 0) {
    const element = scalarType(known, { oid: row.element, typmod }, name.replace(/\[\]$/, ''));
    return element === undefined ? { kind: 'other', name, oid } : { kind: 'array', name, oid, element };
  }
  return scalarType(known, { oid, typmod }, name) ?? { kind: 'other', name, oid };
}

function scalarType(
  known: ReadonlyMap<number, TypeRow>,
  { oid, typmod }: DeclaredType,
  name: string,
): ScalarType | undefined {
  const builtIn = builtInType({ oid, name, typmod });
  if (builtIn !== undefined) return builtIn;
  const row = known.get(oid);
  if (row?.type === 'e') return { kind: 'enum', name, oid, labels: row.labels ?? [] };
  // An extension's type, with an id of its own on each server; its binary form is its text.
  if (row?.name === 'citext') return { kind: 'text', name, oid };
  return undefined;
}
