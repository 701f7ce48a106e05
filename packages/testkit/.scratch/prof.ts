import { runChecks } from '../src/index.ts';
import { sinkHarness, sourceHarness } from '../test/memory-harness.ts';
for (const h of [sourceHarness(), sinkHarness()]) {
  const r = await runChecks(h);
  console.log(
    r.results
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, 9)
      .map((x) => x.id + ' ' + Math.round(x.durationMs) + (x.outcome === 'failed' ? ' FAIL ' + x.message : ''))
      .join('\n'),
  );
}
