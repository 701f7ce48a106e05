import type { FieldDefinition } from './org.ts';

const COMPOUND = new Set(['address', 'location']);
const TEXT_AREA_FILTER_LENGTH = 255;

export function isCompound(field: FieldDefinition): boolean {
  return COMPOUND.has(field.type);
}

export function isCustomField(name: string): boolean {
  return /__[cs]$/i.test(name);
}

/** Whether SOQL accepts the field in WHERE: not long text, blobs, encrypted text or compound fields. */
export function isFilterable(field: FieldDefinition): boolean {
  if (field.type === 'base64' || field.type === 'encryptedstring' || isCompound(field)) return false;
  return field.type !== 'textarea' || field.length <= TEXT_AREA_FILTER_LENGTH;
}

/** Whether SOQL accepts the field in ORDER BY. */
export function isSortable(field: FieldDefinition): boolean {
  return isFilterable(field) && field.type !== 'multipicklist';
}

/** Whether SOQL accepts the field in GROUP BY: as ORDER BY, without numbers carried as doubles and date-times. */
export function isGroupable(field: FieldDefinition): boolean {
  return isSortable(field) && !['double', 'currency', 'percent', 'datetime', 'time'].includes(field.type);
}
