import type { IncomingRequest } from './incoming-request.ts';

/** Which requests are meant; what is not given matches all. */
export interface RequestMatch {
  readonly method?: string;
  /** A text is compared with the end of the path, a pattern with path and query. */
  readonly path?: RegExp | string;
  /** Of the body of a PATCH, whose few words say what it is for. No other request has one that matches. */
  readonly body?: RegExp;
}

export function matchesRequest(
  { method, path, body }: RequestMatch,
  request: Pick<IncomingRequest, 'method' | 'path' | 'query'> & { readonly patch?: string | undefined },
): boolean {
  if (body !== undefined && (request.patch ?? '').search(body) < 0) return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path === undefined) return true;
  if (typeof path === 'string') return request.path.replace(/\/$/, '').endsWith(path.replace(/\/$/, ''));
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  return request.path.search(path) >= 0 || (query !== '' && (request.path + query).search(path) >= 0);
}
