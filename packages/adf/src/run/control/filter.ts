import type { FilterActivity } from '../../definition/activity/activity.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { requireArray, requireBoolean } from '../run-value.ts';

export function runFilter(
  { typeProperties }: FilterActivity,
  scope: RunScope,
  { evaluate, setInput }: ActivityParts,
): ActivityOutcome {
  const items = requireArray(evaluate(typeProperties.items, 'typeProperties.items'), 'typeProperties.items');
  setInput({ ItemsCount: items.length });
  const path = 'typeProperties.condition';
  const kept = items.filter((item) =>
    requireBoolean(scope.within(item).evaluate(typeProperties.condition, path), path),
  );
  return { status: 'Succeeded', output: { ItemsCount: items.length, FilteredItemsCount: kept.length, Value: kept } };
}
