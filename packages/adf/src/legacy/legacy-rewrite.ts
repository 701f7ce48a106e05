import { walkObjects } from '../check/json-walk.ts';
import { type JsonPath, pathText } from '../json/json-node.ts';
import { isTemplateExpression } from '../load/template-expression.ts';
import { isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { sqlProblem } from './sql-query.ts';
import { currentType, deletedToo, LEGACY_TYPES } from './upgrade-properties.ts';

/** A part of a definition of the legacy connector, and what to write in its place. */
export interface LegacyRewrite {
  readonly file: string;
  /** Of the part, in its file. */
  readonly path: string;
  /** The legacy type. */
  readonly type: string;
  /** The part as it should be. Texts in angle brackets are for people to fill in. */
  readonly replacement: JsonRecord;
  /** What the current connector has not, or what people have to do besides; empty where the part runs as it is. */
  readonly open: readonly string[];
}

const BATCH_ROWS = 5000;

/** A part of a definition that is of the legacy connector. */
export interface LegacyPart extends Pick<LegacyRewrite, 'type' | 'replacement' | 'open'> {
  /** Within the properties of the definition. */
  readonly at: JsonPath;
  readonly json: JsonRecord;
}

/** The legacy parts of a definition, outer ones first. */
export function legacyParts({ json }: DefinitionText): readonly LegacyPart[] {
  const parts: LegacyPart[] = [];
  walkObjects(json, [], (object, at) => {
    const { type } = object;
    if (typeof type !== 'string' || !LEGACY_TYPES.has(type)) return;
    parts.push({ at, json: object, type, ...rewrite(type, object) });
  });
  return parts;
}

/** The same, as they are told. */
export function legacyRewrites(definition: DefinitionText): readonly LegacyRewrite[] {
  const { document, path } = definition;
  return legacyParts(definition).map(({ at, type, replacement, open }) => {
    return { file: document.file, path: pathText([...path, ...at]), type, replacement, open };
  });
}

function rewrite(type: string, json: JsonRecord): Pick<LegacyRewrite, 'replacement' | 'open'> {
  if (type.endsWith('Source')) return rewriteSource(json, type);
  if (type.endsWith('Sink')) {
    // The default was another one.
    return { replacement: { writeBatchSize: BATCH_ROWS, ...json, type: currentType(type) }, open: [] };
  }
  if (type.endsWith('Object')) return { replacement: { ...json, type: currentType(type) }, open: [] };
  return rewriteLinkedService(json, type);
}

function rewriteSource(json: JsonRecord, type: string): Pick<LegacyRewrite, 'replacement' | 'open'> {
  const { readBehavior, ...rest } = json;
  const problem = typeof json['query'] === 'string' ? sqlProblem(json['query']) : undefined;
  const deleted: JsonRecord = isReadBehavior(readBehavior) ? { includeDeletedObjects: deletedToo(readBehavior) } : {};
  return {
    replacement: { ...rest, type: currentType(type), ...deleted },
    open: problem === undefined ? [] : [`${problem.message}: ${problem.hint}`],
  };
}

function isReadBehavior(json: JsonValue | undefined): json is string | { readonly value: string } {
  return typeof json === 'string' || (isRecord(json) && typeof json['value'] === 'string');
}

/** Expressions of a factory and of a template give it when they are evaluated. */
function isDomain(url: string): boolean {
  return /\.my\.salesforce\.com\/?$/i.test(url) || /^@|@\{/.test(url) || isTemplateExpression(url);
}

/** There is no way from a password to client credentials: the app has to be made in the org. */
function rewriteLinkedService(json: JsonRecord, type: string): Pick<LegacyRewrite, 'replacement' | 'open'> {
  const old = isRecord(json['typeProperties']) ? json['typeProperties'] : {};
  const url = typeof old['environmentUrl'] === 'string' ? old['environmentUrl'] : '';
  return {
    replacement: {
      ...json,
      type: currentType(type),
      typeProperties: {
        environmentUrl: isDomain(url) ? url : 'https://<domain>.my.salesforce.com',
        authenticationType: 'OAuth2ClientCredentials',
        clientId: '<consumer key of the connected app>',
        clientSecret: {
          type: 'AzureKeyVaultSecret',
          store: { referenceName: '<linked service of the vault>', type: 'LinkedServiceReference' },
          secretName: '<name of the secret>',
        },
        apiVersion: '60.0',
      },
    },
    open: [
      'Create a connected app with the client credentials flow and a user to run as, and fill in its key and secret.',
    ],
  };
}
