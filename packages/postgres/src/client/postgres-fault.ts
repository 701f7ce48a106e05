import { type ErrorCode, SluiceError } from '@sluice/core';

/** The members of an error the server sent that hold no value of a cell. */
interface ServerError extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** Of the server's source code. */
  readonly routine?: string;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly hint?: string;
}

/** Single conditions, and classes by their first two characters (PostgreSQL documentation, appendix A). */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  '28': { code: 'AUTH_REJECTED', hint: 'Check user, password and the server’s pg_hba.conf.' },
  '3D': { code: 'OBJECT_UNKNOWN', hint: 'Check the name of the database.' },
  '3F': { code: 'OBJECT_UNKNOWN', hint: 'Check the name of the schema.' },
  '42P01': { code: 'OBJECT_UNKNOWN', hint: 'Check schema and table; names are case-sensitive here.' },
  '42P07': { code: 'TARGET_EXISTS', hint: 'Choose append, overwrite or upsert, or another table.' },
  '42703': { code: 'FIELD_UNKNOWN', hint: 'Check the name of the column; names are case-sensitive here.' },
  '42501': { code: 'PERMISSION_DENIED', hint: 'Grant the role what it needs.' },
  '42': { code: 'QUERY_INVALID' },
  '0A': { code: 'QUERY_UNSUPPORTED' },
  '53100': { code: 'STORAGE_FULL', hint: 'Free space on the server.' },
  '53400': { code: 'QUOTA_EXCEEDED', hint: 'Raise the limit for the role, such as temp_file_limit.' },
  '53': { code: 'REMOTE_UNAVAILABLE' },
  '55P03': { code: 'REMOTE_UNAVAILABLE' },
  '25006': { code: 'TARGET_UNWRITABLE', hint: 'Write to the primary server, in a database that is not read-only.' },
  '40': { code: 'REMOTE_UNAVAILABLE' },
  '57P01': { code: 'CONNECTION_LOST' },
  '57P02': { code: 'CONNECTION_LOST' },
  '57P03': { code: 'REMOTE_UNAVAILABLE' },
  '58': { code: 'REMOTE_UNAVAILABLE' },
  '08': { code: 'CONNECTION_LOST' },
  '22P05': {
    code: 'VALUE_INVALID',
    hint: 'The encoding of the database lacks a character of a text: take one in UTF8.',
  },
  '22': { code: 'VALUE_INVALID' },
  '23': { code: 'VALUE_INVALID' },
  '54': { code: 'VALUE_INVALID' },
  '44': { code: 'VALUE_INVALID' },
  P0: { code: 'VALUE_INVALID' },
};

const DISK_FULL = '53100';
const INTERNAL_ERROR = 'XX000';
/** Where the server extends a file. It has a code for a full disk alone: quotas and limits come as an internal error. */
const FILE_ROUTINES: ReadonlySet<string> = new Set(['mdextend', 'mdzeroextend', 'BufFileDumpBuffer']);

/** Where the server misses the value of a parameter, which has the code of a client that breaks the protocol. */
const BIND_ROUTINE = 'exec_bind_message';
const PARAMETER_UNKNOWN = '42P02';

/** Their messages are about names and the server. Those of other classes may hold values. */
const SAFE_MESSAGES = /^(08|0A|25|28|3D|3F|40|42|53|54|55|57|58)/;

/** Turns what the driver throws into the one error class. */
export function postgresFault(what: string, cause: unknown): SluiceError {
  if (SluiceError.is(cause)) return cause;
  if (!isServerError(cause)) return connectionFault(what, cause);
  const { code, routine = '' } = cause;
  const isStorage = code === INTERNAL_ERROR && FILE_ROUTINES.has(routine);
  const verdict = verdictOf(isStorage ? DISK_FULL : routine === BIND_ROUTINE ? PARAMETER_UNKNOWN : code);
  const told = isStorage || SAFE_MESSAGES.test(code) ? cause.message : placeOf(cause);
  const { hint, retryable } = verdict;
  return new SluiceError(verdict.code, `${what}: ${told} (SQLSTATE ${code})`, {
    // Not the driver's own error, whose detail may hold values.
    ...(hint === undefined ? {} : { hint }),
    ...(retryable === undefined ? {} : { retryable }),
    details: { sqlState: code, ...namesOf(cause) },
  });
}

function verdictOf(code: string): Verdict {
  return VERDICTS[code] ?? VERDICTS[code.slice(0, 2)] ?? { code: 'REMOTE_REFUSED' };
}

/** What the server says of a row without saying what is in it. */
function placeOf(error: ServerError): string {
  const { code, constraint, column } = error;
  if (code.startsWith('P0')) return 'a function or trigger of the database raises an error';
  if (code.startsWith('XX')) return 'the server has an error of its own';
  if (constraint !== undefined) return `the constraint ${constraint} does not hold`;
  return column === undefined ? 'the server refuses a value' : `the server refuses a value of the column ${column}`;
}

/** Codes of the system, such as EPIPE, may look like a SQLSTATE. */
function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

function namesOf({ schema, table, column, constraint }: ServerError): Record<string, string> {
  const names = { schema, table, column, constraint };
  return Object.fromEntries(
    Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Whether a connection failed for that the server has no TLS. */
export function isWithoutTls(error: unknown): boolean {
  if (!SluiceError.is(error) || error.code !== 'CONFIG_INVALID') return false;
  const { details } = error;
  return typeof details === 'object' && details !== null && 'tls' in details && details['tls'] === 'none';
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/;

function connectionFault(what: string, cause: unknown): SluiceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code !== undefined && CERTIFICATE.test(code)) {
    return new SluiceError('CONNECTION_LOST', `${what}: the server's certificate is not trusted (${code})`, {
      cause,
      retryable: false,
      hint: 'Give its certificate authority as `ca`.',
    });
  }
  const message = cause instanceof Error ? cause.message : 'the connection failed';
  if (message.includes('does not support SSL')) {
    return new SluiceError('CONFIG_INVALID', `${what}: the server offers no TLS`, {
      cause,
      hint: 'Turn TLS on in the server, or set `tls: "off"` where the network is trusted.',
      details: { tls: 'none' },
    });
  }
  return new SluiceError('CONNECTION_LOST', `${what}: ${message}`, { cause });
}
