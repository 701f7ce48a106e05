import { ERROR_CODES, SluiceError } from '@sluice/core';

import { EXIT_CODES, type ExitCode } from './exit-code.ts';

export function exitCodeOf(error: unknown): ExitCode {
  return SluiceError.is(error) && ERROR_CODES[error.code].invalid ? EXIT_CODES.invalid : EXIT_CODES.failed;
}
