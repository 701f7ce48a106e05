import { checkJson, type Json, SluiceError } from '@sluice/core';

import { ensure, errorText, fail } from '../check/check-failure.ts';

const VERSION_KEYS = ['version', 'v'] as const;

/** Fails unless what a plugin hands over survives a journal: JSON, small, and with a version of its own. */
export function requireState(value: unknown, what: string, maxBytes: number): asserts value is Json {
  try {
    checkJson(value, what);
  } catch (error) {
    fail(errorText(error));
  }
  const bytes = Buffer.byteLength(JSON.stringify(value));
  ensure(bytes <= maxBytes, `${what} has ${bytes} bytes, and ${maxBytes} is the most`);
  if (isBlank(value)) return;
  ensure(versionKey(value) !== undefined, `${what} carries no version, so that no later one can know it`);
}

/** Fails unless the plugin refuses the value once it is of a version that nobody knows. */
export async function requireVersionRefused(
  value: Json,
  what: string,
  use: (value: Json) => Promise<unknown>,
): Promise<void> {
  const key = isBlank(value) ? undefined : versionKey(value);
  if (key === undefined) return;
  // A value with a version is an object.
  const other = { ...(value as object), [key]: 987_654 };
  try {
    await use(other);
  } catch (error) {
    ensure(
      SluiceError.is(error) && error.code === 'POSITION_UNSUPPORTED',
      `${what} of an unknown version is refused with ${errorText(error)} instead of POSITION_UNSUPPORTED`,
    );
    return;
  }
  fail(`${what} of an unknown version is taken as if it were known`);
}

/** Nothing that another version could read otherwise. */
function isBlank(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function versionKey(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return VERSION_KEYS.find((key) => typeof Reflect.get(value, key) === 'number');
}
