import type { Sink } from '../contract/sink.ts';
import type { Source } from '../contract/source.ts';
import { contractBroken } from './plugin-fault.ts';

/** Rules that do not hold are named by the first of them. */
type Rules = readonly (readonly [holds: boolean, rule: string])[];

/**
 * The engine goes by what a plugin declares: with no connection, or no writer, it would copy nothing and succeed.
 *
 * @throws `CONTRACT_BROKEN`
 */
export function requireSourceTraits(source: Source): void {
  // Whatever the types say.
  const { ordered, positions, connections }: Partial<Source['traits']> = source.traits ?? {};
  requireAll('source', source, [
    [typeof ordered === 'boolean', 'the trait `ordered` is not declared'],
    [typeof positions === 'boolean', 'the trait `positions` is not declared'],
    [isAbsentOrCount(connections), 'the trait `connections` is not a count'],
  ]);
}

/** @param role What it is in the run. @throws `CONTRACT_BROKEN` */
export function requireSinkTraits(role: string, sink: Sink): void {
  const { commit, writers, part }: Partial<Sink['traits']> = sink.traits ?? {};
  requireAll(role, sink, [
    [commit === 'end' || commit === 'part', 'the trait `commit` is neither `end` nor `part`'],
    [writers !== undefined && isAbsentOrCount(writers), 'the trait `writers` is not a count'],
    [isAbsentOrCount(part?.rows), 'the trait `part.rows` is not a count'],
    [isAbsentOrCount(part?.bytes), 'the trait `part.bytes` is not a count'],
  ]);
}

function requireAll(role: string, { name }: Source | Sink, rules: Rules): void {
  const isNamed = typeof name === 'string' && name !== '';
  if (!isNamed) throw contractBroken(`what was given as the ${role}`, 'it has no name');
  for (const [holds, rule] of rules) if (!holds) throw contractBroken(name, rule);
}

function isAbsentOrCount(value: number | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value >= 1);
}
