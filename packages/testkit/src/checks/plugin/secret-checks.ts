import { inspect } from 'node:util';

import { ensure } from '../../check/check-failure.ts';
import type { PluginCheck } from '../../check/check.ts';
import type { Faults } from '../../harness/fault-kind.ts';
import { arm } from '../armed-fault.ts';
import { openSubject } from './subject.ts';

/** Faults whose errors are tempted to quote what was sent. */
const FAULTS = ['badCredentials', 'forbidden', 'unreachable'] as const satisfies readonly (keyof Faults)[];

export const secretsStaySecret: PluginCheck = {
  id: 'B4',
  side: 'plugin',
  level: 'must',
  title: 'No secret shows in logs, errors, notes, the configuration, or anything that is kept.',
  reason: 'Logs and journals are read by many.',
  needs: ['secrets'],
  async run(harness, tools) {
    const { plugin, work } = await openSubject(harness, tools);
    const test = tools.context();
    const instance = plugin();
    const seen = await work(test.ctx);
    requireAbsent(harness.secrets, 'its configuration', instance.config);
    requireAbsent(harness.secrets, 'what an inspection of the instance shows', inspect(instance, { depth: 6 }));
    requireAbsent(harness.secrets, 'what it hands over to be kept', seen);
    requireAbsent(harness.secrets, 'what it remembers', [...test.memo]);
    requireAbsent(harness.secrets, 'what it says', [...test.said, ...test.notes]);
    for (const kind of FAULTS) {
      const failing = await openSubject(harness, tools);
      if (failing.faults[kind] === undefined) continue;
      const fault = await arm(failing.faults, kind);
      const failed = tools.context({ attempts: 2 });
      const error = await failing.work(failed.ctx).catch((thrown: unknown) => thrown);
      fault.requireStruck(error);
      requireAbsent(
        harness.secrets,
        `its error with the fault "${kind}"`,
        inspect(error, { depth: 10, showHidden: true }),
      );
      requireAbsent(harness.secrets, `what it says with the fault "${kind}"`, failed.said);
    }
  },
};

function requireAbsent(secrets: readonly string[] = [], where: string, value: unknown): void {
  const text = typeof value === 'string' ? value : inspect(value, { depth: Infinity, maxStringLength: Infinity });
  ensure(!secrets.some((secret) => text.includes(secret)), `a secret shows in ${where}`);
}
