import type { FailActivity, WaitActivity } from '../../definition/activity/activity.ts';
import { innerFailure } from '../activity-error.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import { invalidValue, requireInteger, requireText, textOfSecret } from '../run-value.ts';

export async function runWait(
  { typeProperties }: WaitActivity,
  { engine: { clock }, evaluate, setInput, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const path = 'typeProperties.waitTimeInSeconds';
  const seconds = requireInteger(evaluate(typeProperties.waitTimeInSeconds, path), path, 0);
  setInput({ waitTimeInSeconds: seconds });
  await clock.sleep(seconds * 1000, signal);
  return { status: 'Succeeded', output: {} };
}

export function runFail(
  { name, typeProperties }: FailActivity,
  { engine: { redaction }, evaluate, setInput }: ActivityParts,
): ActivityOutcome {
  const textOf = (property: 'message' | 'errorCode'): string => {
    const path = `typeProperties.${property}`;
    const value = requireText(evaluate(typeProperties[property], path), path);
    if (textOfSecret(value).trim() === '') throw invalidValue(path, 'a text that is not blank');
    return redaction.text(String(value));
  };
  const [message, errorCode] = [textOf('message'), textOf('errorCode')];
  setInput({ message, errorCode });
  return { status: 'Failed', output: {}, error: innerFailure(name, errorCode, message) };
}
