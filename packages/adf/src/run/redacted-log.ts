import type { LogFields, Logger } from '@sluice/core';

import type { Redaction } from './redaction.ts';

/** A log that shows no secret of the run. */
export function redactedLog(log: Logger, redaction: Redaction): Logger {
  const shown = (fields: LogFields | undefined): LogFields | undefined =>
    fields === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [
            name,
            typeof value === 'string' ? redaction.text(value) : value,
          ]),
        );
  return {
    debug: (message, fields) => log.debug(redaction.text(message), shown(fields)),
    info: (message, fields) => log.info(redaction.text(message), shown(fields)),
    warn: (message, fields) => log.warn(redaction.text(message), shown(fields)),
    error: (message, fields) => log.error(redaction.text(message), shown(fields)),
  };
}
