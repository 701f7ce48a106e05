import { SluiceError } from '@sluice/core';

import { MIN_API_VERSION } from '../limits.ts';

/**
 * An API version as URLs spell it, such as `64.0`.
 *
 * @throws `CONFIG_INVALID` for another form, or a version without Bulk API 2.0 queries.
 */
export function parseApiVersion(text: string): string {
  if (!/^\d{1,3}\.0$/.test(text)) {
    throw new SluiceError('CONFIG_INVALID', `apiVersion must look like 64.0`, {
      hint: 'Give the version as text with one decimal and no v.',
    });
  }
  if (majorVersion(text) < MIN_API_VERSION) {
    throw new SluiceError('CONFIG_INVALID', `apiVersion ${text} has no Bulk API 2.0 queries`, {
      hint: `Use ${MIN_API_VERSION}.0 or later.`,
    });
  }
  return text;
}

export function majorVersion(apiVersion: string): number {
  return Number.parseInt(apiVersion, 10);
}

/** As bodies spell it: a number in samples, a text in tables. */
export function apiVersionText(value: number | string): string {
  const major = Number.parseFloat(String(value));
  return Number.isFinite(major) ? major.toFixed(1) : String(value);
}

/** @throws `CONFIG_INVALID` naming the range when the org does not offer the version. */
export function assertOffered(apiVersion: string, offered: readonly string[]): void {
  if (offered.includes(apiVersion)) return;
  const range = offered.length === 0 ? 'none' : `${offered[0]} to ${offered.at(-1)}`;
  throw new SluiceError('CONFIG_INVALID', `the org does not offer API version ${apiVersion}; it offers ${range}`, {
    hint: 'Set apiVersion to one of these.',
  });
}
