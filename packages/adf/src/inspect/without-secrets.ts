import { SluiceError } from '@sluice/core';

import type { Redaction } from '../run/redaction.ts';

/** Takes secrets out of what the work fails with. */
export async function withoutSecrets<T>(redaction: Redaction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!SluiceError.is(error)) throw error;
    const { code, message, hint, retryable } = error;
    throw new SluiceError(code, redaction.text(message), {
      retryable,
      ...(hint === undefined ? {} : { hint: redaction.text(hint) }),
    });
  }
}
