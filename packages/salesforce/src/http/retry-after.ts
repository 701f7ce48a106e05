/**
 * Milliseconds a `Retry-After` header asks to wait: seconds or an HTTP date, which is compared with the response's own
 * `Date` where there is one, because the client's clock may be wrong.
 */
export function retryAfterMs(header: string | undefined, date: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) return undefined;
  const dateMs = Date.parse(date ?? '');
  return Math.max(0, atMs - (Number.isNaN(dateMs) ? nowMs : dateMs));
}
