import { notFound } from './api-fault.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { Reply } from './reply.ts';
import { UnverifiedFault } from './unverified-errors.ts';

/** What a route is asked with. */
export interface Call {
  readonly request: IncomingRequest;
  /** The segments that stand for the names with a colon. */
  readonly params: Readonly<Record<string, string>>;
  /** As in the path, without the `v`: `66.0`; empty outside of `/services/data/{v}`. */
  readonly version: string;
  /** Notes in the log which job the request is about. */
  readonly aboutJob: (jobId: string) => void;
}

export interface Route {
  readonly method: string;
  /** Such as `/services/data/:version/sobjects/:object`. */
  readonly path: string;
  /** The first API version that has it. */
  readonly since?: number;
  /** Answered without a token. */
  readonly open?: true;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

export interface RoutedCall {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface ParsedRoute {
  readonly route: Route;
  readonly segments: readonly string[];
}

export class Router {
  readonly #routes: readonly ParsedRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.slice(1).split('/') }));
  }

  /** @throws {ApiFault} 404 when nothing is there, 405 when the path does not take the method. */
  find({ method, segments }: IncomingRequest, version: number): RoutedCall {
    const here = this.#routes.flatMap(({ route, segments: pattern }) => {
      const params = matchSegments(pattern, segments);
      return params === undefined || version < (route.since ?? 0) ? [] : [{ route, params }];
    });
    if (here.length === 0) throw notFound();
    const found = here.find(({ route }) => route.method === method);
    if (found !== undefined) return found;
    const allowed = here.map(({ route }) => route.method).join(',');
    throw new UnverifiedFault('methodNotAllowed', `HTTP Method '${method}' not allowed. Allowed are ${allowed}`);
  }
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (segment === '') return undefined;
    if (expected.startsWith(':')) params[expected.slice(1)] = segment;
    else if (expected !== segment) return undefined;
  }
  return params;
}
