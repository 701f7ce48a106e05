import * as z from 'zod';

import { copyConfig } from './copy-config.ts';

/** The configuration as a JSON schema, for editors to check and complete it. */
export function copyConfigSchema(): object {
  return {
    title: 'Configuration of sluice copy',
    description: 'Any text may take the value of an environment variable: ${env:NAME}. Secrets are references only.',
    ...z.toJSONSchema(copyConfig, { io: 'input' }),
  };
}
