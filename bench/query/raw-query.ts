import { setTimeout as delay } from 'node:timers/promises';

import { request } from 'undici';

import { API_VERSION, type QueryInput } from './query-input.ts';

const POLL_MS = 50;

/** A query job by bare requests, without anything of ours: the bytes of its pages, header rows included. */
export async function* rawQuery({ url, clientId, clientSecret, soql }: QueryInput): AsyncGenerator<Uint8Array> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const login = await request(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  // The shapes of a job are the emulator's.
  const { access_token: token } = (await login.body.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const jobs = `${url}/services/data/v${API_VERSION}/jobs/query`;
  const created = await request(jobs, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ operation: 'query', query: soql }),
  });
  const { id } = (await created.body.json()) as { id: string };
  for (;;) {
    const { body } = await request(`${jobs}/${id}`, { headers });
    const { state } = (await body.json()) as { state: string };
    if (state === 'JobComplete') break;
    await delay(POLL_MS);
  }
  let locator = '';
  while (locator !== 'null') {
    const query = locator === '' ? '' : `?locator=${encodeURIComponent(locator)}`;
    const page = await request(`${jobs}/${id}/results${query}`, { headers });
    yield* page.body;
    locator = String(page.headers['sforce-locator'] ?? 'null');
  }
}
