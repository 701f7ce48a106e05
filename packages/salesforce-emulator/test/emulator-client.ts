import { parse } from 'csv-parse/sync';

import type { Emulator } from '../src/index.ts';

export interface Client {
  /** Paths are relative to `/services/data/<version>`, unless they start with a slash. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body: unknown) => Promise<unknown>;
}

export async function logIn({ url, clientId, clientSecret }: Emulator): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body });
  const { access_token: token } = await jsonOf<{ readonly access_token: string }>(response);
  return token;
}

/** Speaks to the emulator with a token of its own. */
export async function connect(emulator: Emulator, version = 'v66.0'): Promise<Client> {
  const token = await logIn(emulator);
  const send = (path: string, init: RequestInit = {}): Promise<Response> => {
    const rooted = path.startsWith('/') ? path : `/services/data/${version}/${path}`;
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(emulator.url + rooted, { ...init, headers });
  };
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json' };
    return await (await send(path, { method: 'POST', body: JSON.stringify(body), headers })).json();
  };
  return { send, get: async (path) => await (await send(path)).json(), post };
}

/** The test that reads a body says what it expects there. */
export async function jsonOf<Value>(response: Response): Promise<Value> {
  return (await response.json()) as Value;
}

/** Creates a query job and polls until it is over. */
export async function runJob(client: Client, query: string, options: object = {}): Promise<string> {
  const job = (await client.post('jobs/query', { operation: 'query', query, ...options })) as { readonly id: string };
  for (;;) {
    const { state } = (await client.get(`jobs/query/${job.id}`)) as { readonly state: string };
    if (['JobComplete', 'Failed', 'Aborted'].includes(state)) return job.id;
  }
}

/** Cells as text, the header row first. */
export async function csvOf(response: Response): Promise<string[][]> {
  return parse(await response.text());
}
