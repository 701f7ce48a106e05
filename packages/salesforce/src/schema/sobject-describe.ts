import * as z from 'zod';

const count = z.number().nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();

/**
 * A field as `describe` tells of it. Older API versions lack some facts, so all are optional that can be missed.
 *
 * REST API Developer Guide, "sObject Describe", read 2026-11.
 */
export const fieldDescribe = z.looseObject({
  name: z.string(),
  /** In the vendor's words, such as `currency`. */
  type: z.string(),
  soapType: z.string(),
  label: text,
  length: count,
  precision: count,
  scale: count,
  digits: count,
  nillable: flag,
  custom: flag,
  unique: flag,
  externalId: flag,
  idLookup: flag,
  calculated: flag,
  autoNumber: flag,
  caseSensitive: flag,
  filterable: flag,
  sortable: flag,
  highScaleNumber: flag,
  deprecatedAndHidden: flag,
  restrictedPicklist: flag,
  createable: flag,
  updateable: flag,
  defaultedOnCreate: flag,
  compoundFieldName: text,
  extraTypeInfo: text,
  relationshipName: text,
  referenceTo: z.array(z.string()).nullish(),
  picklistValues: z.array(z.looseObject({ value: text, active: flag })).nullish(),
});

export type FieldDescribe = z.output<typeof fieldDescribe>;

export const sobjectDescribe = z.looseObject({
  name: z.string(),
  label: text,
  queryable: flag,
  createable: flag,
  updateable: flag,
  deletable: flag,
  fields: z.array(fieldDescribe),
});

export type SObjectDescribe = z.output<typeof sobjectDescribe>;

/** An object in the list of all. */
export const sobjectSummary = z.looseObject({
  name: z.string(),
  label: text,
  queryable: flag,
  custom: flag,
  deprecatedAndHidden: flag,
  keyPrefix: text,
  associateEntityType: text,
});

export type SObjectSummary = z.output<typeof sobjectSummary>;

export const globalDescribe = z.looseObject({ sobjects: z.array(sobjectSummary) });
