import { SluiceError } from '@sluice/core';

import { ensure, errorText } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { PluginCheck } from '../../check/check.ts';
import { FAULT_CODES, type FaultKind, type Faults } from '../../harness/fault-kind.ts';
import { arm, type PlacedFault } from '../armed-fault.ts';
import { openSubject, type PluginWithLife } from './subject.ts';

const ALWAYS = 1000;
const RETRY_AFTER_MS = 7000;

/** A fault of the remote side surfaces under the codes that stand for it. */
function faultCheck(id: string, kind: FaultKind, title: string): PluginCheck {
  return {
    id,
    side: 'plugin',
    level: 'must',
    title,
    reason: 'Whether to wait, to repeat or to call somebody is decided by the code.',
    needs: [`fault:${kind}`],
    async run(harness, tools) {
      const error = await errorWith(harness, tools, kind);
      const { codes, retryable } = FAULT_CODES[kind]!;
      ensure(SluiceError.is(error), `the fault "${kind}" surfaces as ${errorText(error)}, which has no code`);
      ensure(
        codes.includes(error.code),
        `the fault "${kind}" surfaces as ${error.code} instead of ${codes.join(' or ')}`,
      );
      ensure(
        error.retryable === retryable,
        `the fault "${kind}" surfaces as ${error.code}, which says that it is ${error.retryable ? '' : 'not '}worth repeating`,
      );
      if (kind !== 'rateLimit') return;
      ensure(
        error.retryAfterMs !== undefined && error.retryAfterMs >= RETRY_AFTER_MS,
        `told to wait ${RETRY_AFTER_MS} ms, it passes on ${error.retryAfterMs ?? 'nothing'}`,
      );
    },
  };
}

export const wrongCredentials = faultCheck(
  'B6-credentials',
  'badCredentials',
  'Refused credentials are AUTH_REJECTED.',
);
export const unreachable = faultCheck(
  'B6-unreachable',
  'unreachable',
  'A remote side that cannot be reached may be asked again.',
);
export const forbidden = faultCheck('B11-forbidden', 'forbidden', 'What the user may not do is PERMISSION_DENIED.');
export const quota = faultCheck(
  'B11-quota',
  'quota',
  'A used-up allocation is QUOTA_EXCEEDED, and not worth repeating.',
);
export const unavailable = faultCheck(
  'B11-unavailable',
  'unavailable',
  'What cannot be answered now may be asked again.',
);
export const tooMany = faultCheck(
  'B11-rate',
  'rateLimit',
  'Too many requests are RATE_LIMITED, with the time to wait.',
);

export const retriesAreBounded: PluginCheck = {
  id: 'B12',
  side: 'plugin',
  level: 'must',
  title: 'Requests are repeated by `ctx.retry` alone, as often as it allows, and the last error is kept.',
  reason: 'Two retry loops, one within the other, multiply.',
  needs: ['fault:unavailable', 'requests'],
  async run(harness, tools) {
    for (const attempts of [1, 3]) {
      const { plugin, faults, requests } = await openSubject(harness, tools);
      const fault = await arm(faults, 'unavailable', { times: ALWAYS });
      const test = tools.context({ attempts });
      const before = requests!();
      const error = await fault.rejectionOf(
        () => plugin().check(test.ctx),
        '`check` succeeds although nothing is answered',
      );
      const sent = requests!() - before;
      ensure(sent <= attempts, `allowed ${attempts} attempts, it sends ${sent} requests: it repeats them by itself`);
      ensure(
        test.retried.length === attempts - 1,
        `allowed ${attempts} attempts, it has ${test.retried.length} repeated: it does not use \`ctx.retry\``,
      );
      ensure(SluiceError.is(error), `after its last attempt it fails with ${errorText(error)}`);
    }
  },
};

async function errorWith(harness: PluginWithLife, tools: CheckTools, kind: FaultKind): Promise<unknown> {
  const { work, faults } = await openSubject(harness, tools);
  const fault = await armed(faults, kind);
  return await fault.rejectionOf(
    () => work(tools.context({ attempts: 2 }).ctx),
    `it works as if nothing were wrong with the fault "${kind}"`,
  );
}

async function armed(faults: Faults, kind: FaultKind): Promise<PlacedFault> {
  if (kind === 'unavailable') return await arm(faults, kind, { times: ALWAYS });
  if (kind === 'rateLimit') return await arm(faults, kind, { times: ALWAYS, retryAfterMs: RETRY_AFTER_MS });
  return await arm(faults, kind);
}
