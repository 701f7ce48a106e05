import { describe, expect, it } from 'vitest';

import type { Harness } from '../check/check.ts';
import { checksFor, limitOf, runCheck, type RunChecksOptions } from '../check/run-checks.ts';
import type { FormatHarness } from '../harness/format-harness.ts';
import { probeCapabilities } from '../harness/probe-capabilities.ts';
import type { SinkHarness } from '../harness/sink-harness.ts';
import type { SourceHarness } from '../harness/source-harness.ts';
import type { StoreHarness } from '../harness/store-harness.ts';
import { recordOf } from '../report/record.ts';
import type { CheckResult } from '../report/report.ts';

export interface DescribeOptions extends Pick<RunChecksOptions, 'seed' | 'long' | 'only'> {
  /**
   * A file that keeps what came of every check, relative to the test file, such as `conformance/my-source.json`. Written
   * by `vitest --update`; a test fails while it differs. Not looked at with `long`. Default: none.
   */
  readonly record?: string;
}

/** Each check of a source as a test. */
export function describeSource(harness: SourceHarness, options?: DescribeOptions): void {
  describePlugin(harness, options);
}

/** Each check of a sink as a test. */
export function describeSink(harness: SinkHarness, options?: DescribeOptions): void {
  describePlugin(harness, options);
}

/** Each check of a format as a test. */
export function describeFormat(harness: FormatHarness, options?: DescribeOptions): void {
  describePlugin(harness, options);
}

/** Each check of a store as a test. */
export function describeStore(harness: StoreHarness, options?: DescribeOptions): void {
  describePlugin(harness, options);
}

function describePlugin(harness: Harness, { seed = 1, long = false, only, record }: DescribeOptions = {}): void {
  // The kit says itself what never ends, so that vitest must not give up before.
  const timeout = 2 * limitOf(long);
  describe(`${harness.name} (seed ${seed})`, async () => {
    const capabilities = await probeCapabilities(harness);
    const results: CheckResult[] = [];
    for (const check of checksFor(harness.kind, long)) {
      const { id, title, level, needs } = check;
      if (only !== undefined && !only.includes(id)) continue;
      const missing = needs.filter((need) => !capabilities.has(need));
      if (missing.length > 0) {
        results.push({
          id,
          title,
          level,
          outcome: 'inapplicable',
          message: `needs ${missing.join(', ')}`,
          durationMs: 0,
        });
        continue;
      }
      it(`${id}: ${title}`, { timeout }, async () => {
        const result = await runCheck(check, harness, { seed, long });
        results.push(result);
        expect(result.outcome === 'failed' ? result.message : undefined).toBeUndefined();
      });
    }

    if (record === undefined || long) return;
    it('comes out as it is on record', async () => {
      // What fails is never put on record.
      expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      const report = { plugin: harness.name, kind: harness.kind, seed, results };
      await expect(recordOf(report)).toMatchFileSnapshot(record);
    });
  });
}
