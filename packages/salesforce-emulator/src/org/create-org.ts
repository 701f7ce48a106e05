import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { defineReport, type ReportDefinition } from '../reports/report-definition.ts';
import { runQuery } from '../soql/run-query.ts';
import { loadCsvRows } from './csv-rows.ts';
import { defineObjects } from './object-definition.ts';
import {
  type ObjectInput,
  type OrgDefinitionInput,
  parseOrgDefinition,
  type ParsedObject,
  type ParsedOrganization,
} from './org-definition.ts';
import type { ObjectDefinition, Org, RecordInput } from './org.ts';
import { recordId } from './record-id.ts';
import { RecordStore, type RowLoader } from './record-store.ts';
import { RecordWriter } from './record-writer.ts';
import { NAME_OBJECT, REPORT_OBJECT, STANDARD_OBJECTS } from './standard-objects.ts';

export interface OrgOptions {
  /** Records beside those of the definition, by object; read at once. */
  readonly rows?: Readonly<Record<string, Iterable<RecordInput>>>;
  /** Numbers are held and read as decimal text, digit for digit. Default: as IEEE doubles, as an org does. */
  readonly exactDecimals?: boolean;
  /** Text keeps the white space around it. Default: trimmed, as an org does. */
  readonly keepWhiteSpace?: boolean;
  /** Date-times keep their milliseconds. Default: seconds, as an org does. */
  readonly keepMilliseconds?: boolean;
  /** Values of a multi-select picklist stay in the order given. Default: that of the picklist, as an org does. */
  readonly keepPicklistOrder?: boolean;
}

export interface CreateOrgOptions extends OrgOptions {
  readonly organization?: OrgDefinitionInput['organization'];
  /** Objects beside those every org has (User, Group, Organization, Name). */
  readonly objects?: Readonly<Record<string, ObjectInput>>;
  /** By their developer names. */
  readonly reports?: OrgDefinitionInput['reports'];
}

export interface OpenOrgOptions extends OrgOptions {
  /** Where the CSV files are that the definition names; default: the folder of the definition file. */
  readonly dataFolder?: string;
  /** Only these objects and those they refer to; default: all. */
  readonly objects?: readonly string[];
  /** Without the records of the definition, as an org is before anything is loaded into it. */
  readonly empty?: boolean;
}

/**
 * An org made of objects and records given in a program.
 *
 * @throws {Error} when the definition is not valid, or a value does not fit its field; names every place at fault.
 */
export function createOrg({ organization, objects = {}, reports = {}, ...options }: CreateOrgOptions): Org {
  const definition = { ...(organization === undefined ? {} : { organization }), objects: { ...objects }, reports };
  return openOrg(definition, options);
}

/**
 * An org from a definition, or from the JSON file at a path. The rows of a CSV file are loaded when their object is
 * first read; records given otherwise at once.
 *
 * @throws {Error} when the definition is not valid, or a value does not fit its field; names every place at fault.
 */
export function openOrg(definition: string | OrgDefinitionInput, options: OpenOrgOptions = {}): Org {
  const isFile = typeof definition === 'string';
  const parsed = parseOrgDefinition(isFile ? readDefinition(definition) : definition);
  const reports = Object.entries(parsed.reports).map(([name, report], index) =>
    defineReport(name, recordId('00O', index + 1), report),
  );
  const defined = options.empty === true ? withoutRows(parsed.objects) : parsed.objects;
  const objects = selectObjects(withStandardObjects(defined, reports), options.objects);
  const dataFolder = options.dataFolder ?? (isFile ? dirname(definition) : undefined);
  return buildOrg(parsed.organization ?? {}, objects, reports, dataFolder, options);
}

function withoutRows(objects: Readonly<Record<string, ParsedObject>>): Readonly<Record<string, ParsedObject>> {
  return Object.fromEntries(Object.entries(objects).map(([name, { rows: _rows, ...object }]) => [name, object]));
}

function buildOrg(
  organization: ParsedOrganization,
  inputs: Readonly<Record<string, ParsedObject>>,
  reports: readonly ReportDefinition[],
  dataFolder: string | undefined,
  options: OrgOptions,
): Org {
  const definitions = defineObjects(inputs);
  const orgId = organization.id ?? recordId('00D', 1);
  const userId = organization.userId ?? recordId('005', 1);
  const userName = organization.userName ?? 'Dana Ito';
  const policy = {
    exactDecimals: options.exactDecimals ?? false,
    keepWhiteSpace: options.keepWhiteSpace ?? false,
    keepMilliseconds: options.keepMilliseconds ?? false,
    keepPicklistOrder: options.keepPicklistOrder ?? false,
  };
  const names = { orgId, orgName: organization.name ?? 'Sample Org', userId, userName };
  const own = { ...ownRecords(names), Report: reports.map(reportRecord) };
  const loaders = new Map(
    definitions.map((object) => [object.name, rowLoader(object, inputs[object.name]?.rows, own, dataFolder)]),
  );
  const store = new RecordStore({ objects: definitions, userId, policy, loaders });
  const writers = new Map(definitions.map((object) => [object.name, new RecordWriter(store, object, userId)]));
  const org: Org = {
    orgId,
    userId,
    userName,
    objects: definitions,
    reports,
    object: (name) => store.object(name),
    countRows: (name) => store.countRows(store.requireObject(name)),
    query: (soql, queryOptions) => runQuery(store, soql, { ...queryOptions, userId }),
    insert: (name, records) => store.insert(name, records),
    update: (name, records, nowMs) => store.update(name, records, nowMs),
    remove: (name, ids, nowMs) => store.update(name, deletions(ids), nowMs),
    writer: (name) => writers.get(store.requireObject(name).name)!,
    transaction: (work) => store.transaction(work),
    [Symbol.dispose]: () => store.close(),
  };
  try {
    for (const { name } of definitions) if (Array.isArray(inputs[name]?.rows)) org.countRows(name);
    for (const [name, records] of Object.entries(options.rows ?? {})) org.insert(name, records);
  } catch (cause) {
    store.close();
    throw cause;
  }
  return org;
}

function* deletions(ids: Iterable<string>): Iterable<RecordInput> {
  for (const id of ids) yield { Id: id, IsDeleted: true };
}

function rowLoader(
  object: ObjectDefinition,
  rows: ParsedObject['rows'],
  own: Readonly<Record<string, readonly RecordInput[]>>,
  dataFolder: string | undefined,
): RowLoader {
  return (store) => {
    store.insert(object.name, own[object.name] ?? []);
    if (rows === undefined) return;
    if (Array.isArray(rows)) {
      store.insert(object.name, rows);
      return;
    }
    if (dataFolder === undefined) throw new Error(`${object.name} takes its rows from ${rows.csv}: give dataFolder.`);
    loadCsvRows(store, object, rows, dataFolder);
  };
}

/** The running user, a colleague, a queue and the org itself: what every org holds. */
function ownRecords(names: {
  readonly orgId: string;
  readonly orgName: string;
  readonly userId: string;
  readonly userName: string;
}): Readonly<Record<string, readonly RecordInput[]>> {
  return {
    Organization: [{ Id: names.orgId, Name: names.orgName, OrganizationType: 'Developer Edition' }],
    User: [userRecord(names.userName, names.userId), userRecord('Sam Okoro', recordId('005', 2), names.userId)],
    Group: [
      { Id: recordId('00G', 1), Name: 'Intake', DeveloperName: 'Intake', Type: 'Queue', Email: 'intake@example.com' },
    ],
  };
}

/** Reports are records, too, by which their ids are found. */
function reportRecord({ id, name, developerName, description, format }: ReportDefinition): RecordInput {
  return {
    Id: id,
    Name: name,
    DeveloperName: developerName,
    Description: description ?? null,
    Format: FORMATS[format],
  };
}

const FORMATS = { TABULAR: 'Tabular', SUMMARY: 'Summary', MATRIX: 'Matrix', MULTI_BLOCK: 'MultiBlock' } as const;

function userRecord(name: string, id: string, managerId: string | null = null): RecordInput {
  const [first = '', ...others] = name.split(' ');
  const address = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.com`;
  const [FirstName, LastName] = others.length === 0 ? [null, first] : [first, others.join(' ')];
  const Alias = name.replaceAll(/\W/g, '').slice(0, 8).toLowerCase();
  const fixed = { IsActive: true, TimeZoneSidKey: 'Etc/UTC', Title: 'Analyst' };
  return {
    Id: id,
    Name: name,
    FirstName,
    LastName,
    Alias,
    Username: address,
    Email: address,
    ManagerId: managerId,
    ...fixed,
  };
}

function readDefinition(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON.`, { cause });
  }
}

/** A definition may add fields and rows to an object every org has; its other facts stay. */
function withStandardObjects(
  declared: Readonly<Record<string, ParsedObject>>,
  reports: readonly ReportDefinition[],
): Readonly<Record<string, ParsedObject>> {
  const merged: Record<string, ParsedObject> = {};
  const standards = reports.length === 0 ? STANDARD_OBJECTS : { ...STANDARD_OBJECTS, Report: REPORT_OBJECT };
  for (const [name, standard] of Object.entries(standards)) {
    const added = declared[name];
    merged[name] = { ...standard, ...added, fields: { ...standard.fields, ...added?.fields } };
  }
  return { ...declared, ...merged };
}

function selectObjects(
  all: Readonly<Record<string, ParsedObject>>,
  wanted: readonly string[] | undefined,
): Readonly<Record<string, ParsedObject>> {
  if (wanted === undefined) return all;
  const kept = new Set<string>([...Object.keys(STANDARD_OBJECTS), NAME_OBJECT, ...('Report' in all ? ['Report'] : [])]);
  const keep = (name: string): void => {
    const input = all[name];
    if (input === undefined) throw new Error(`The org definition has no object ${name}.`);
    kept.add(name);
    const parents = Object.values(input.fields).flatMap((field) => field.referenceTo ?? []);
    for (const parent of parents) if (!kept.has(parent)) keep(parent);
  };
  for (const name of wanted) keep(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name)));
}
