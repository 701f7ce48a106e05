/** Parts of a connection string by the property of the linked service that says the same. */
const PROPERTIES: Readonly<Record<string, string>> = {
  host: 'server',
  server: 'server',
  port: 'port',
  database: 'database',
  db: 'database',
  uid: 'username',
  user: 'username',
  userid: 'username',
  username: 'username',
  password: 'password',
  pwd: 'password',
  psw: 'password',
  sslmode: 'sslMode',
  encryptionmethod: 'encryptionMethod',
  em: 'encryptionMethod',
  validateservercertificate: 'validateServerCertificate',
  vsc: 'validateServerCertificate',
  trustservercertificate: 'trustServerCertificate',
  timeout: 'connectionTimeout',
  commandtimeout: 'commandTimeout',
  searchpath: 'schema',
  timezone: 'timezone',
};

/** What the driver of Data Factory takes and nothing here depends on. */
const NOT_USED: ReadonlySet<string> = new Set([
  'applicationname',
  'clientencoding',
  'connectionidlelifetime',
  'encoding',
  'includeerrordetail',
  'keepalive',
  'logparameters',
  'maximumpoolsize',
  'minimumpoolsize',
  'noresetonclose',
  'persistsecurityinfo',
  'pooling',
  'readbuffersize',
  'tcpkeepalive',
  'writebuffersize',
]);

export interface ConnectionString {
  /** By the names of the properties of a linked service. */
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong with it, without quoting any of it but names. */
  readonly problem: string | undefined;
}

/** `key=value` parts between semicolons; values may be in single or double quotes, which are doubled within. */
const PART = /\s*([^=;]+?)\s*=\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([^;]*?))\s*(?:;|$)/y;

/** Npgsql, "Connection string parameters", and what Azure Data Factory documents of version 1.0, read 2026-11. */
export function parseConnectionString(text: string): ConnectionString {
  const values: Record<string, string> = {};
  const unknown: string[] = [];
  let rest = 0;
  PART.lastIndex = 0;
  for (let part = PART.exec(text); part !== null && part[0] !== ''; part = PART.exec(text)) {
    rest = PART.lastIndex;
    const [, key = '', single, double, plain = ''] = part;
    const word = key.toLowerCase().replaceAll(/[\s_]/g, '');
    const property = Object.hasOwn(PROPERTIES, word) ? PROPERTIES[word] : undefined;
    if (property !== undefined) {
      values[property] = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? plain;
    } else if (!NOT_USED.has(word)) unknown.push(key);
  }
  if (!/^[\s;]*$/.test(text.slice(rest))) {
    return { values, problem: 'is no connection string, which has parts such as host=…; between semicolons' };
  }
  if (unknown.length > 0) return { values, problem: `has parts that are not known here: ${unknown.join(', ')}` };
  return { values: withSslMode(values), problem: undefined };
}

/** The older words for encryption: 0 none, 1 with, 6 where the server has it. */
function withSslMode({
  encryptionMethod,
  validateServerCertificate,
  ...values
}: Record<string, string>): Record<string, string> {
  if (values['sslMode'] !== undefined || encryptionMethod === undefined) return values;
  const modes: Readonly<Record<string, string>> = {
    '0': 'Disable',
    '1': validateServerCertificate === '1' ? 'Verify-full' : 'Require',
    '6': 'Prefer',
  };
  // A word that is none of them is one that SSL mode has not, either.
  return { ...values, sslMode: modes[encryptionMethod] ?? encryptionMethod };
}
