import { SluiceError, type Json } from '@sluice/core';

/** One entry of an error's details, if it is an error of ours and has it. */
export function errorDetail(error: unknown, key: string): Json | undefined {
  if (!SluiceError.is(error)) return undefined;
  const { details } = error;
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return undefined;
  return new Map<string, Json | undefined>(Object.entries(details)).get(key);
}
