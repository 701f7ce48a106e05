import type { LinkedService } from '../definition/factory.ts';
import { literalText } from './expression-check.ts';

/** The first with Bulk API 2.0 queries. */
export const MIN_API_VERSION = 47;

/** A version as `52`, `52.0` or `v52.0`, spelled `52.0`; `undefined` for other texts. */
export function normalApiVersion(text: string): string | undefined {
  const [, major] = /^v?(\d{1,3})(?:\.0)?$/i.exec(text.trim()) ?? [];
  return major === undefined ? undefined : `${Number(major)}.0`;
}

/** Of the linked service of an org, where it is written out. */
export function apiVersionOf(linkedService: LinkedService['properties'] | undefined): string | undefined {
  if (linkedService?.type !== 'SalesforceV2' && linkedService?.type !== 'SalesforceServiceCloudV2') return undefined;
  const text = literalText(linkedService.typeProperties.apiVersion);
  return text === undefined ? undefined : normalApiVersion(text);
}
