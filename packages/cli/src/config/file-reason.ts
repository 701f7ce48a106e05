const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'permission was denied',
};

/** Why a file cannot be read, to go on behind that it cannot; nothing where the system has an uncommon reason. */
export function fileReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code];
  return reason === undefined ? '' : `: ${reason}`;
}
