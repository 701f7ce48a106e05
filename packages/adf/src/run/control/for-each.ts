import { SluiceError } from '@sluice/core';

import type { ForEachActivity } from '../../definition/activity/activity.ts';
import type { ExpressionValue } from '../../expression/expression-value.ts';
import { type ListOutcome, runActivities } from '../activity-list.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { requireArray, requireBoolean, requireInteger } from '../run-value.ts';
import { containerOutcome } from './inner-list.ts';

/** Azure Data Factory, "ForEach activity", read 2026-11. */
const MAX_ITEMS = 100_000;
const MAX_BATCH_COUNT = 50;

/** One item after the other or several at a time. A round that fails stops no other, and fails the loop. */
export async function runForEach(
  { name, typeProperties }: ForEachActivity,
  scope: RunScope,
  { evaluate, setInput, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const { items: itemsJson, isSequential: sequential, batchCount, activities } = typeProperties;
  const items = requireArray(evaluate(itemsJson, 'typeProperties.items'), 'typeProperties.items');
  if (items.length > MAX_ITEMS) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `typeProperties.items has ${items.length} items; at most ${MAX_ITEMS} can be gone through`,
    );
  }
  const isSequential = requireBoolean(
    evaluate(sequential, 'typeProperties.isSequential'),
    'typeProperties.isSequential',
  );
  const atOnce = isSequential
    ? 1
    : requireInteger(
        evaluate(batchCount, 'typeProperties.batchCount'),
        'typeProperties.batchCount',
        1,
        MAX_BATCH_COUNT,
      );
  setInput({ itemsCount: items.length, isSequential, batchCount: atOnce });

  const outcomes: ListOutcome[] = [];
  const rounds = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rounds) outcomes.push(await runActivities(activities, scope.within(item), signal));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return withCount(containerOutcome(name, outcomes), items);
}

function withCount(outcome: ActivityOutcome, items: readonly ExpressionValue[]): ActivityOutcome {
  return outcome.status === 'Cancelled' ? outcome : { ...outcome, output: { itemsCount: items.length } };
}
