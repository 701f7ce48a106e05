import type { CellInput, FieldDefinition, ObjectDefinition } from './org.ts';
import { recordId } from './record-id.ts';

const CREATED_FROM_MS = Date.UTC(2025, 0, 1);
const CREATED_EVERY_MS = 97_000;
const MODIFIED_WITHIN_SECONDS = 5_000_000;

/** Fills in what an org would; `row` counts the object's rows from 1. The cells are in the order of `fields`. */
export type FillDefaults = (cells: CellInput[], row: number) => void;

/**
 * The id, the owner, a name where none is given, and audit fields: created 97 seconds after the row before, modified
 * at some time in the 58 days that follow. The same rows get the same values in every run.
 */
export function recordDefaults(
  { keyPrefix }: ObjectDefinition,
  fields: readonly FieldDefinition[],
  userId: string,
): FillDefaults {
  const place = (name: string): number => fields.findIndex((field) => field.name === name);
  const [id, owner, name] = [place('Id'), place('OwnerId'), place('Name')];
  const [created, createdBy] = [place('CreatedDate'), place('CreatedById')];
  const [modified, modifiedBy, stamp] = [place('LastModifiedDate'), place('LastModifiedById'), place('SystemModstamp')];
  const names = [place('FirstName'), place('LastName')];

  return (cells, row) => {
    cells[id] ??= recordId(keyPrefix, row);
    const createdMs = CREATED_FROM_MS + row * CREATED_EVERY_MS;
    const modifiedMs = createdMs + ((row * row * 31) % MODIFIED_WITHIN_SECONDS) * 1000;
    if (created >= 0) cells[created] ??= new Date(createdMs);
    if (createdBy >= 0) cells[createdBy] ??= userId;
    if (modified >= 0) cells[modified] ??= new Date(modifiedMs);
    if (modifiedBy >= 0) cells[modifiedBy] ??= cells[createdBy];
    if (stamp >= 0) cells[stamp] ??= cells[modified];
    if (owner >= 0) cells[owner] ??= userId;
    if (name >= 0 && (cells[name] ?? '') === '') {
      cells[name] = personName(names.map((index) => cells[index])) ?? cells[id];
    }
  };
}

/** First and last name as one, or undefined when there is neither. */
export function personName(parts: readonly unknown[]): string | undefined {
  return parts.filter((part) => typeof part === 'string').join(' ') || undefined;
}
