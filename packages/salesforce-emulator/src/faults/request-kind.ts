import type { RequestMatch } from '../http/request-match.ts';

/** The requests by which a client reads the result of a query job, from its login on. */
export const REQUEST_KINDS = {
  login: { method: 'POST', path: '/services/oauth2/token' },
  versions: { method: 'GET', path: /^\/services\/data\/?$/ },
  resources: { method: 'GET', path: /^\/services\/data\/v[\d.]+\/?$/ },
  restQuery: { method: 'GET', path: /\/query\/?\?/ },
  describe: { method: 'GET', path: /\/sobjects\/\w+\/describe\/?$/ },
  limits: { method: 'GET', path: /\/limits(\/recordCount)?\/?$/ },
  create: { method: 'POST', path: '/jobs/query' },
  poll: { method: 'GET', path: /\/jobs\/query\/750\w+$/ },
  pageLinks: { method: 'GET', path: /\/resultpages\b/i },
  page: { method: 'GET', path: /\/results(\?|$)/ },
  abort: { method: 'PATCH', path: /\/jobs\/query\/750\w+$/ },
  delete: { method: 'DELETE', path: /\/jobs\/query\/750\w+$/ },
} as const satisfies Readonly<Record<string, RequestMatch>>;

export type RequestKind = keyof typeof REQUEST_KINDS;
