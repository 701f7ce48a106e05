import type { LogFields, Logger } from '@sluice/core';

import type { Output } from '../render/output.ts';

/** What plugins and the engine have to tell beside the progress. */
export function runLogger(output: Output): Logger {
  return {
    debug(message, fields) {
      if (output.isVerbose) output.say(lineOf(message, fields));
    },
    info: (message, fields) => output.say(lineOf(message, fields)),
    warn: (message, fields) => output.warn(`warning: ${lineOf(message, fields)}`),
    error: (message, fields) => output.warn(`error: ${lineOf(message, fields)}`),
  };
}

function lineOf(message: string, fields: LogFields = {}): string {
  const told = Object.entries(fields).filter(([, value]) => value !== undefined);
  return [message, ...told.map(([name, value]) => `${name}=${value}`)].join('  ');
}
