import { ensure } from '../../check/check-failure.ts';
import type { PluginCheck } from '../../check/check.ts';
import { processEffects } from '../../tools/process-watch.ts';
import { openSubject } from './subject.ts';

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
    }, tools.atEnd);
    ensure(effects.length === 0, `at work: ${[...new Set(effects)].join('; ')}`);
  },
};

export const connectionsAreBounded: PluginCheck = {
  id: 'B16',
  side: 'plugin',
  level: 'must',
  title: 'It sends its requests through its account, so that no more are under way than that allows.',
  reason: 'Budgets hold only if everybody keeps to them.',
  needs: ['peakRequests'],
  async run(harness, tools) {
    const { workAtOnce, peakRequests } = await openSubject(harness, tools);
    const test = tools.context({ connections: 1 });
    await workAtOnce(test.ctx);
    const peak = peakRequests!();
    const most = Math.max(1, test.accounts.size);
    ensure(peak <= most, `allowed one connection, it has ${peak} requests under way at once`);
  },
};
