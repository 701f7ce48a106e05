import { ensure } from '../../check/check-failure.ts';
import type { PluginCheck } from '../../check/check.ts';
import { processEffects } from '../../tools/process-watch.ts';
import { openSubject } from './subject.ts';

/** What the engine allows an account whose plugin names no limit. */
const DEFAULT_CONNECTIONS = 8;

export const processIsLeftAlone: PluginCheck = {
  id: 'B13',
  side: 'plugin',
  level: 'must',
  title: 'At work it prints nothing, leaves no rejection unhandled, and changes nothing that the process shares.',
  reason: 'It is a guest in somebody’s program.',
  needs: [],
  async run(harness, tools) {
    const { work } = await openSubject(harness, tools);
    const effects = await processEffects(async () => {
      await work(tools.context().ctx);
    });
    ensure(effects.length === 0, `at work: ${[...new Set(effects)].join('; ')}`);
  },
};

export const connectionsAreBounded: PluginCheck = {
  id: 'B16',
  side: 'plugin',
  level: 'must',
  title: 'No more requests are under way than it declares.',
  reason: 'Budgets hold only if everybody keeps to them.',
  needs: ['peakRequests'],
  async run(harness, tools) {
    const { work, peakRequests } = await openSubject(harness, tools);
    const test = tools.context();
    await work(test.ctx);
    const declared = [...test.accounts.values()].map(({ connections = DEFAULT_CONNECTIONS }) => connections);
    const most = Math.max(1, ...declared);
    const peak = peakRequests!();
    // The work of this check asks for one thing at a time.
    ensure(
      peak <= Math.min(most, DEFAULT_CONNECTIONS),
      `${peak} requests were under way at once, and ${most} are declared`,
    );
  },
};
