import { fileURLToPath } from 'node:url';

import { type OpenOrgOptions, openOrg } from './create-org.ts';
import type { Org } from './org.ts';

/**
 * The org that the emulator starts with: airfields' navigation aids and runways, countries, companies of the S&P 500,
 * and a few records of Salesforce's own objects. Rows are loaded when an object is first read.
 */
export function openDefaultOrg(options: Omit<OpenOrgOptions, 'dataFolder'> = {}): Org {
  return openOrg(fileURLToPath(new URL('../../data/default-org.json', import.meta.url)), options);
}
