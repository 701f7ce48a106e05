import type { UntilActivity } from '../../definition/activity/activity.ts';
import { type ListOutcome, runActivities } from '../activity-list.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { requireBoolean, requireText, textOfSecret } from '../run-value.ts';
import { withTimeLimit } from '../time-limit.ts';
import { timeSpanMs } from '../time-span.ts';
import { containerOutcome } from './inner-list.ts';

/** The body first, then the test. A round that fails does not end the loop; the last one says how the loop ended. */
export async function runUntil(
  { name, typeProperties }: UntilActivity,
  scope: RunScope,
  { engine: { clock }, evaluate, setInput, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const { activities, expression, timeout } = typeProperties;
  const path = 'typeProperties.timeout';
  const text = textOfSecret(requireText(evaluate(timeout, path), path));
  setInput({ timeout: text });
  const limit = { clock, signal, limitMs: timeSpanMs(text, path), what: `the loop ${JSON.stringify(name)}` };
  return await withTimeLimit(limit, async (limited) => {
    for (;;) {
      const round = scope.within();
      const outcome: ListOutcome = await runActivities(activities, round, limited);
      limited.throwIfAborted();
      const isOver = requireBoolean(
        round.evaluate(expression, 'typeProperties.expression'),
        'typeProperties.expression',
      );
      if (isOver) return containerOutcome(name, [outcome]);
      // A round may have waited for nothing: others must get their turn, and so must the time limit.
      await clock.sleep(0, limited);
    }
  });
}
