/** One error as Salesforce words it. Key order and spelling of codes vary between endpoints. */
export interface RemoteError {
  readonly errorCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export type ErrorBody =
  | { readonly kind: 'errors'; readonly errors: readonly RemoteError[] }
  | { readonly kind: 'html' | 'empty' | 'other' };

const MAX_ERRORS = 5;
const MAX_MESSAGE_CHARACTERS = 400;

/** Reads the array form of REST, the object form of OAuth, and what proxies and the edge answer instead. */
export function parseErrorBody(text: string): ErrorBody {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'empty' };
  if (trimmed.startsWith('<')) return { kind: 'html' };
  const value = parseJson(trimmed);
  const errors = (Array.isArray(value) ? value : [value]).map(toRemoteError).filter((error) => error !== undefined);
  return errors.length === 0 ? { kind: 'other' } : { kind: 'errors', errors: errors.slice(0, MAX_ERRORS) };
}

/** Bulk bodies write `INVALIDJOBSTATE`, job messages `InvalidJobState`, REST `INVALID_FIELD`: one spelling for all. */
export function normalizeCode(errorCode: string): string {
  return errorCode.replaceAll('_', '').toUpperCase();
}

/** Salesforce's own words, on one line, bounded, and without anything that looks like a session. */
export function quotable(text: string): string {
  const line = text
    .replaceAll(/\b00D[0-9A-Za-z]{9,15}!\S+/g, '(session)')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

function toRemoteError(value: unknown): RemoteError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = new Map<string, unknown>(Object.entries(value));
  const code = entries.get('errorCode') ?? entries.get('statusCode') ?? entries.get('error');
  const message = entries.get('message') ?? entries.get('error_description') ?? '';
  if (typeof code !== 'string') return undefined;
  const fields = entries.get('fields');
  return {
    errorCode: quotable(code),
    message: typeof message === 'string' ? quotable(message) : '',
    fields: Array.isArray(fields) ? fields.filter((field) => typeof field === 'string').map(quotable) : [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
