/** What the process ends with; scripts may rely on it. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  /** What was asked for is wrong in itself, and nothing was touched. */
  invalid: 2,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
