import { SluiceError } from '@sluice/core';

import type { Mutant } from './mutant.ts';
import { failingWith, internal, mutant, source } from './source-mutant.ts';

/** Failures of the remote side surface as others, or are dealt with where they must not be. */
export const ERROR_MUTANTS: readonly Mutant[] = [
  mutant(
    'B6-credentials',
    'says INTERNAL to refused credentials',
    /surfaces as INTERNAL instead of AUTH_REJECTED/,
    failingWith(internal),
  ),
  mutant(
    'B6-unreachable',
    'says that a lost connection is final',
    /surfaces as CONNECTION_LOST, which says that it is not worth repeating/,
    failingWith(() => new SluiceError('CONNECTION_LOST', 'lost', { retryable: false })),
  ),
  mutant(
    'B11-forbidden',
    'takes a missing permission for bad credentials',
    /surfaces as AUTH_REJECTED instead of PERMISSION_DENIED/,
    failingWith(() => new SluiceError('AUTH_REJECTED', 'refused')),
  ),
  mutant(
    'B11-quota',
    'would ask again for a used-up allocation',
    /surfaces as RATE_LIMITED instead of QUOTA_EXCEEDED/,
    failingWith(() => new SluiceError('RATE_LIMITED', 'too many')),
  ),
  mutant(
    'B11-unavailable',
    'takes "not now" for never',
    /surfaces as REMOTE_REFUSED/,
    failingWith(() => new SluiceError('REMOTE_REFUSED', 'no')),
  ),
  mutant(
    'B11-rate',
    'forgets how long to wait',
    /told to wait 7000 ms, it passes on nothing/,
    failingWith(() => new SluiceError('RATE_LIMITED', 'too many')),
  ),
  mutant(
    'B12',
    'has a retry loop of its own',
    /allowed 1 attempts, it sends 3 requests/,
    source((correct) => ({
      async check(ctx) {
        for (let attempt = 1; attempt < 3; attempt++) {
          try {
            return await correct.check(ctx);
          } catch {
            // Again.
          }
        }
        await correct.check(ctx);
      },
    })),
  ),
  mutant(
    'B12',
    'gives up at once',
    /allowed 3 attempts, it has 0 repeated/,
    source((correct) => ({
      check: (ctx) => correct.check({ ...ctx, retry: (request) => request(1) }),
    })),
  ),
];
