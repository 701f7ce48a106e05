import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { MIN_API_VERSION, normalApiVersion } from './api-version.ts';
import { checkExpressions, literalText } from './expression-check.ts';
import type { FactoryIndex } from './factory-index.ts';
import { walkObjects } from './json-walk.ts';
import { checkDefaults } from './parameter-check.ts';
import { checkDatabase } from './postgres-check.ts';

const LOGIN_HOSTS = new Set(['login.salesforce.com', 'test.salesforce.com']);

/** What is wrong with a linked service as such, references aside. */
export function checkLinkedService({ json, report }: DefinitionText<'linkedService'>, index: FactoryIndex): void {
  const typeProperties = isRecord(json['typeProperties']) ? json['typeProperties'] : {};
  const parameters = isRecord(json['parameters']) ? Object.keys(json['parameters']) : [];
  checkDefaults(json['parameters'], ['parameters'], report);
  for (const name of parameters.filter((parameter) => parameter.includes('-'))) {
    report.warn(['parameters', name], 'holds a hyphen, which Data Factory is known to trip over');
  }
  checkExpressions(typeProperties, ['typeProperties'], { linkedService: parameters }, report);
  checkMasks(typeProperties, report);
  const own = report.within(['typeProperties']);
  switch (json['type']) {
    case 'SalesforceV2':
    case 'SalesforceServiceCloudV2':
      checkSalesforce(typeProperties, index, own);
      return;
    case 'AzurePostgreSql':
    case 'PostgreSqlV2':
      checkDatabase(typeProperties, own);
      return;
    case 'AzureKeyVault':
      checkHttps(typeProperties['baseUrl'], 'baseUrl', index, own);
      return;
    case 'FileServer':
      if (literalText(typeProperties['host']) === '') own.error(['host'], 'must not be empty');
      if (typeProperties['userId'] !== undefined) {
        own.warn(['userId'], 'is not used: files are read and written as the user who runs this');
      }
      return;
    default:
  }
}

function checkSalesforce(properties: JsonRecord, index: FactoryIndex, report: ProblemReport): void {
  const { environmentUrl, clientId, apiVersion, clientSecret, encryptedCredential } = properties;
  const url = checkHttps(environmentUrl, 'environmentUrl', index, report);
  if (url !== undefined && LOGIN_HOSTS.has(url.hostname)) {
    report.error(
      ['environmentUrl'],
      "is a login host, which does not serve client credentials: only the org's own domain does",
      {
        hint: 'Find it under Setup, My Domain: https://<domain>.my.salesforce.com.',
      },
    );
  }
  if (literalText(clientId)?.includes(':') === true) {
    report.error(['clientId'], 'holds a colon', { factoryCode: 'OAuth2ClientIdColonNotAllowed' });
  }
  if (clientSecret === undefined && encryptedCredential !== undefined) {
    report.error(['encryptedCredential'], 'can be read only by the factory that wrote it', {
      hint: 'Add clientSecret as an AzureKeyVaultSecret, or as a SecureString.',
    });
  } else if (encryptedCredential !== undefined) {
    report.warn(['encryptedCredential'], 'is not used');
  }
  checkVersion(apiVersion, index, report);
}

/** The schema takes texts alone; that one is missing has been said where there is no default. */
function checkVersion(
  apiVersion: JsonValue | undefined,
  { defaultApiVersion }: FactoryIndex,
  report: ProblemReport,
): void {
  if (apiVersion === undefined) {
    if (defaultApiVersion === undefined)
      report.error(['apiVersion'], 'is missing', { hint: 'Add it, such as "60.0".' });
    else report.beyondFactory(['apiVersion'], `is missing; ${defaultApiVersion} is used`);
    return;
  }
  const text = literalText(apiVersion);
  if (text === undefined) return;
  const version = normalApiVersion(text);
  if (version === undefined) report.error(['apiVersion'], 'must be a version such as 60.0');
  else if (Number.parseInt(version, 10) < MIN_API_VERSION) {
    report.error(['apiVersion'], `${version} has no Bulk API 2.0; it must be at least ${MIN_API_VERSION}.0`);
  }
}

/** Credentials go there: never in the clear, except within this machine. */
function checkHttps(
  value: JsonValue | undefined,
  name: string,
  { strict }: FactoryIndex,
  report: ProblemReport,
): URL | undefined {
  const text = literalText(value);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) report.error([name], 'is no URL', { hint: 'Begin it with https://.' });
  else if (url.protocol !== 'https:' && (strict || url.protocol !== 'http:' || !isLoopback(url.hostname))) {
    report.error([name], 'must begin with https://');
  } else if (url.username !== '' || url.password !== '') report.error([name], 'must hold no credentials');
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** What the service shows in place of a secret. */
function checkMasks(properties: JsonRecord, report: ProblemReport): void {
  walkObjects(properties, ['typeProperties'], ({ type, value }, path) => {
    if (type !== 'SecureString' || typeof value !== 'string' || !/^\*+$/.test(value)) return;
    report.error([...path, 'value'], 'is the mask Data Factory shows in place of a secret, not the secret', {
      hint: 'Put an AzureKeyVaultSecret there, or the secret itself.',
    });
  });
}
