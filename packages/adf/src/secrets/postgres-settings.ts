import { parseConnectionString } from './connection-string.ts';

/** What an expression or a vault gives when it is used. */
export const NOT_YET = Symbol('not yet known');

/** A property of a linked service as it stands. */
export type GivenSetting = string | number | boolean | undefined | typeof NOT_YET;

export type GivenSettings = (property: string) => GivenSetting;

export type SettingProblem = (property: string, message: string, hint?: string) => void;

export type EncryptionMode = 'off' | 'prefer' | 'encrypt' | 'verify-ca' | 'verify';

/** How to reach a database, as far as it is known: a value is undefined where a problem was told of it, or not yet known. */
export interface PostgresSettings {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly tls: EncryptionMode | undefined;
  readonly searchPath: string | undefined;
  readonly timeZone: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  /** Undefined for no bound. */
  readonly commandTimeoutMs: number | undefined;
}

const MAX_PORT = 65_535;
/** The longest the connector waits for a connection. */
const MAX_CONNECT_MS = 600_000;

/** By number, as definitions have them, and by name without what stands between its words. */
const SSL_MODES: Readonly<Record<string, EncryptionMode>> = {
  0: 'off',
  disable: 'off',
  disabled: 'off',
  // Both connect in the clear where the server has nothing else; a connection that could be encrypted is.
  1: 'prefer',
  allow: 'prefer',
  2: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  3: 'encrypt',
  require: 'encrypt',
  required: 'encrypt',
  4: 'verify-ca',
  verifyca: 'verify-ca',
  5: 'verify',
  verifyfull: 'verify',
};

/** Settings of a linked service, those of its connection string included where they stand nowhere else. */
export function givenSettings(own: GivenSettings, problem: SettingProblem): GivenSettings {
  const text = own('connectionString');
  if (text === undefined) return own;
  if (typeof text !== 'string') return (property) => own(property) ?? NOT_YET;
  const parsed = parseConnectionString(text);
  if (parsed.problem !== undefined) {
    problem('connectionString', parsed.problem);
    return (property) => own(property) ?? parsed.values[property] ?? NOT_YET;
  }
  return (property) => own(property) ?? parsed.values[property];
}

/** Reads settings, and tells each that is not as it should be. */
export function readPostgresSettings(given: GivenSettings, problem: SettingProblem): PostgresSettings {
  const server = textOf('server', true);
  const [, name = server, ofServer] = /^([^:]*|\[.*\]):(\d+)$/.exec(server ?? '') ?? [];
  checkLogin(given('authenticationType'), problem);
  return {
    host: name?.replaceAll(/^\[|\]$/g, ''),
    port: numberOf('port', 1, MAX_PORT) ?? (ofServer === undefined ? undefined : Number(ofServer)),
    database: textOf('database', true),
    user: textOf('username', true),
    tls: encryption(given('sslMode'), given('trustServerCertificate'), problem),
    searchPath: textOf('schema', false),
    timeZone: textOf('timezone', false),
    connectTimeoutMs: connectMs(numberOf('connectionTimeout', 0) ?? numberOf('timeout', 0)),
    commandTimeoutMs: positive(numberOf('commandTimeout', 0)),
  };

  function textOf(property: string, isRequired: boolean): string | undefined {
    const value = given(property);
    if (value === NOT_YET) return undefined;
    const text = value === undefined ? '' : String(value).trim();
    if (text !== '') return text;
    if (isRequired) problem(property, value === undefined ? 'is missing' : 'must not be empty');
    return undefined;
  }

  function numberOf(property: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = given(property);
    if (value === undefined || value === NOT_YET) return undefined;
    const number = typeof value === 'string' && !/^\s*\d+\s*$/.test(value) ? Number.NaN : Number(value);
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    problem(
      property,
      `must be a whole number ${most === MAX_PORT ? `from ${least} to ${most}` : `of at least ${least}`}`,
    );
    return undefined;
  }
}

function checkLogin(given: GivenSetting, problem: SettingProblem): void {
  if (given === undefined || given === NOT_YET || String(given).toLowerCase() === 'basic') return;
  problem(
    'authenticationType',
    'must be Basic: nobody logs in as a service principal or a managed identity here',
    'Give the username and the password of a role.',
  );
}

function encryption(mode: GivenSetting, trust: GivenSetting, problem: SettingProblem): EncryptionMode | undefined {
  if (mode === NOT_YET) return undefined;
  const word = String(mode ?? 'prefer').toLowerCase();
  const tls = SSL_MODES[word.replaceAll(/[\s_-]/g, '')];
  if (tls === undefined) {
    problem('sslMode', 'must be Disable, Allow, Prefer, Require, Verify-ca, Verify-full, or a number from 0 to 5');
    return undefined;
  }
  const trusts = trust === undefined || trust === NOT_YET ? false : String(trust).toLowerCase() === 'true';
  if (trusts && (tls === 'verify' || tls === 'verify-ca')) {
    problem(
      'trustServerCertificate',
      'contradicts sslMode, by which the certificate is verified',
      'Remove one of them.',
    );
  }
  return tls;
}

function connectMs(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  return seconds === 0 ? MAX_CONNECT_MS : Math.min(seconds * 1000, MAX_CONNECT_MS);
}

function positive(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds === 0 ? undefined : seconds * 1000;
}
