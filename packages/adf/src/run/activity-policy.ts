import type { Activity } from '../definition/activity/activity.ts';
import type { ExpressionValue } from '../expression/expression-value.ts';
import { requireBoolean, requireInteger, requireText, textOfSecret } from './run-value.ts';
import { timeSpanMs } from './time-span.ts';

/** A policy with its expressions evaluated. */
export interface ActivityPolicy {
  /** Of each attempt; `undefined` for activities that have none. */
  readonly timeoutMs: number | undefined;
  readonly retries: number;
  readonly retryIntervalMs: number;
  readonly hidesInput: boolean;
  readonly hidesOutput: boolean;
}

const NO_POLICY: ActivityPolicy = {
  timeoutMs: undefined,
  retries: 0,
  retryIntervalMs: 0,
  hidesInput: false,
  hidesOutput: false,
};

/** @throws `CONFIG_INVALID` naming the property. */
export function policyOf(
  activity: Activity,
  evaluate: (json: unknown, path: string) => ExpressionValue,
): ActivityPolicy {
  if (!('policy' in activity)) return NO_POLICY;
  const { policy } = activity;
  const valueOf = (name: string, value: unknown): readonly [ExpressionValue, string] => {
    const path = `policy.${name}`;
    return [evaluate(value, path), path];
  };
  const secrecy = {
    hidesInput: requireBoolean(...valueOf('secureInput', policy.secureInput)),
    hidesOutput: requireBoolean(...valueOf('secureOutput', policy.secureOutput)),
  };
  if (!('retry' in policy)) return { ...NO_POLICY, ...secrecy };
  const timeout = textOfSecret(requireText(...valueOf('timeout', policy.timeout)));
  return {
    ...secrecy,
    timeoutMs: timeSpanMs(timeout, 'policy.timeout'),
    retries: requireInteger(...valueOf('retry', policy.retry), 0),
    retryIntervalMs: requireInteger(...valueOf('retryIntervalInSeconds', policy.retryIntervalInSeconds), 0) * 1000,
  };
}
