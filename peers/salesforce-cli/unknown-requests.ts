import type { Emulator } from '@sluice/salesforce-emulator';

/** What the CLI asked for and the emulator does not know. */
export function unknownRequests({ requests }: Emulator): readonly string[] {
  return requests.all
    .filter(({ status }) => status === 404 || status === 405)
    .map(({ method, path }) => `${method} ${path}`);
}
