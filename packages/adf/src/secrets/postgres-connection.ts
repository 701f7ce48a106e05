import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { Secret, SluiceError } from '@sluice/core';
import type { PostgresOptions } from '@sluice/postgres';

import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import type { Redaction } from '../run/redaction.ts';
import { type GivenSetting, givenSettings, readPostgresSettings } from './postgres-settings.ts';
import { type LinkedServiceRequest, resolveLinkedService } from './resolve-linked-service.ts';

export interface PostgresConnection {
  readonly options: PostgresOptions;
  /** Of the first schema in which names are looked up; `public` where none is given. */
  readonly defaultSchema: string;
  /** What a statement may take where the activity says nothing. */
  readonly commandTimeoutMs: number | undefined;
}

export interface PostgresPlace {
  readonly redaction: Redaction;
  /** Paths of certificates are relative to it. */
  readonly factoryFolder: string;
}

/**
 * How to reach the database of a linked service. Vaults are asked for its secrets, which are hidden from here on.
 *
 * @throws `CONFIG_INVALID` naming every property that is not as it should be; `CONNECTOR_MISSING` for another service; what
 * `resolveLinkedService` throws.
 */
export async function postgresConnection(
  request: LinkedServiceRequest,
  { redaction, factoryFolder }: PostgresPlace,
): Promise<PostgresConnection> {
  const { name, path, properties } = request.linkedService;
  if (properties.type !== 'AzurePostgreSql' && properties.type !== 'PostgreSqlV2') {
    throw new SluiceError(
      'CONNECTOR_MISSING',
      `linked service ${name}: there is no connector for ${properties.type} here`,
    );
  }
  const values = await resolveLinkedService(request);
  const problems: string[] = [];
  const problem = (property: string, message: string, hint = ''): void => {
    problems.push(`${path}.typeProperties.${property} of the linked service ${name} ${message}${hint && `. ${hint}`}`);
  };
  for (const secret of secretsOf(values)) redaction.reveal(secret);
  const isHiddenHost = Secret.is(values['server']);
  const given = givenSettings((property) => plainSetting(values[property]), problem);
  const settings = readPostgresSettings(given, problem);
  const { host, port, database, user, tls, searchPath, timeZone, connectTimeoutMs, commandTimeoutMs } = settings;
  const password = given('password');
  if (typeof password !== 'string' || password === '') problem('password', 'is missing');
  if (problems.length > 0) throw new SluiceError('CONFIG_INVALID', problems.join('\n'));
  const secret = new Secret(String(password));
  redaction.reveal(secret);
  // Errors name hosts.
  if (isHiddenHost) redaction.reveal(new Secret(host!));
  return {
    options: {
      // What is missing has been told.
      host: host!,
      database: database!,
      user: user!,
      password: secret,
      tls: tls ?? 'prefer',
      ...(port === undefined ? {} : { port }),
      ...(searchPath === undefined ? {} : { searchPath }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      ...(await clientCertificate(values, factoryFolder)),
    },
    defaultSchema: firstSchema(searchPath),
    commandTimeoutMs,
  };
}

/** What is shown of a vault from here on is no secret, unless it is one by its kind. */
function plainSetting(value: ExpressionValue | undefined): GivenSetting {
  const plain = Secret.is(value) ? value.reveal() : value;
  if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean') return plain;
  return typeof plain === 'bigint' ? String(plain) : undefined;
}

/** A connection string may hold the password, and whoever has the text has it; where and as whom is hidden if a vault has it. */
function secretsOf(values: ExpressionObject): readonly Secret[] {
  const { server, username, password, connectionString, sslPassword } = values;
  const held = [server, username, password, connectionString, sslPassword].filter((value) => Secret.is(value));
  return typeof connectionString === 'string' ? [...held, new Secret(connectionString)] : held;
}

/** The first name of a search path, out of its quotes. */
function firstSchema(searchPath: string | undefined): string {
  const [, quoted, plain] = /^\s*(?:"((?:[^"]|"")*)"|([^,\s]+))/.exec(searchPath ?? '') ?? [];
  return quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? 'public';
}

async function clientCertificate(
  { sslCertificate, sslKey, sslPassword }: ExpressionObject,
  folder: string,
): Promise<{ readonly clientCertificate?: NonNullable<PostgresOptions['clientCertificate']> }> {
  const [certificatePath, keyPath, password] = [sslCertificate, sslKey, sslPassword].map(plainSetting);
  if (typeof certificatePath !== 'string' && typeof keyPath !== 'string') return {};
  if (typeof certificatePath !== 'string' || typeof keyPath !== 'string') {
    throw new SluiceError('CONFIG_INVALID', 'sslCertificate and sslKey go together', { hint: 'Give both, or none.' });
  }
  return {
    clientCertificate: {
      certificate: await readPem(resolve(folder, certificatePath), 'sslCertificate'),
      key: new Secret(await readPem(resolve(folder, keyPath), 'sslKey')),
      ...(typeof password === 'string' ? { password: new Secret(password) } : {}),
    },
  };
}

async function readPem(path: string, property: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SluiceError('IO_FAILED', `${property}: the file ${path} cannot be read`, { cause });
  }
}
