import { probeCapabilities } from '../harness/probe-capabilities.ts';
import type { CheckResult, Report } from '../report/report.ts';
import { settled } from '../tools/event-loop.ts';
import { CheckFailure, errorText } from './check-failure.ts';
import { checkTools } from './check-tools.ts';
import { type Check, type Harness } from './check.ts';
import { CHECKS } from './checks.ts';

const LIMIT_MS = 60_000;
const LONG_LIMIT_MS = 1_800_000;
/** For what a check that has failed used. */
const GIVE_BACK_MS = 5000;

export interface RunChecksOptions {
  /** Default 1. The same seed does the same. */
  readonly seed?: number;
  /** Ids of the checks to run. Default: all of the plugin's kind. */
  readonly only?: readonly string[];
  /** Long checks too, and every check at length. Default false. */
  readonly long?: boolean;
  /** A check that takes longer fails. Default one minute, half an hour for long ones. */
  readonly limitMs?: number;
}

/** The checks of a kind of plugin. */
export function checksFor(kind: Harness['kind'], long = false): readonly Check[] {
  return CHECKS.filter(
    ({ side, isLong }) => (side === kind || (side === 'plugin' && kind !== 'format')) && (long || isLong !== true),
  );
}

/** Runs every check that applies to the plugin, one after the other, and tells what came of it. */
export async function runChecks(harness: Harness, options: RunChecksOptions = {}): Promise<Report> {
  const { seed = 1, only, long = false } = options;
  const capabilities = await probeCapabilities(harness);
  const results: CheckResult[] = [];
  for (const check of checksFor(harness.kind, long)) {
    if (only !== undefined && !only.includes(check.id)) continue;
    const missing = check.needs.filter((need) => !capabilities.has(need));
    const { id, title, level } = check;
    results.push(
      missing.length > 0
        ? { id, title, level, outcome: 'inapplicable', message: `needs ${missing.join(', ')}`, durationMs: 0 }
        : await runCheck(check, harness, { ...options, seed }),
    );
  }
  return { plugin: harness.name, kind: harness.kind, seed, results };
}

/** What a check may take at most, unless another limit is given. */
export function limitOf(long: boolean): number {
  return long ? LONG_LIMIT_MS : LIMIT_MS;
}

/** Runs one check, whether or not it applies. */
export async function runCheck(check: Check, harness: Harness, options: RunChecksOptions = {}): Promise<CheckResult> {
  const { seed = 1, long = false, limitMs = limitOf(long) } = options;
  const startMs = performance.now();
  const failure = await failureOf(check, harness, { seed, long, limitMs });
  const { id, title, level } = check;
  const base = { id, title, level, durationMs: performance.now() - startMs };
  const reason = harness.exceptions?.[id];
  if (reason === undefined) {
    return failure === undefined ? { ...base, outcome: 'passed' } : { ...base, outcome: 'failed', message: failure };
  }
  if (failure !== undefined) return { ...base, outcome: 'excepted', message: reason };
  return { ...base, outcome: 'failed', message: 'passes, so that the exception is not needed: remove it' };
}

/** How the plugin fails the check; undefined when it does not. */
async function failureOf(
  check: Check,
  harness: Harness,
  { seed, long, limitMs }: Required<Pick<RunChecksOptions, 'seed' | 'long' | 'limitMs'>>,
): Promise<string | undefined> {
  const tools = checkTools(seed, long);
  // A check is given harnesses of its side only, which the compiler cannot follow through the table.
  const run = check.run as (harness: Harness, tools: unknown) => Promise<void>;
  const failures: unknown[] = [];
  const onRejection = (error: unknown): void => {
    failures.push(new CheckFailure(`leaves a rejection unhandled: ${errorText(error)}`));
  };
  process.on('unhandledRejection', onRejection);
  try {
    await withinLimit(run(harness, tools), limitMs).catch((error: unknown) => failures.push(error));
    // What a check uses is given back although it has failed, or never comes to its end.
    const giveBackMs = failures.length === 0 ? limitMs : Math.min(limitMs, GIVE_BACK_MS);
    await withinLimit(tools[Symbol.asyncDispose](), giveBackMs).catch((error: unknown) => {
      failures.push(error instanceof CheckFailure ? error : undisposed(error));
    });
    await settled();
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  if (failures.length === 0) return undefined;
  const [error] = failures;
  return error instanceof CheckFailure ? messageOf(error) : `fails unexpectedly with ${messageOf(error)}`;
}

/** Of several that fail one after the other, the first is told. */
function undisposed(error: unknown): CheckFailure {
  let first = error;
  while (first instanceof SuppressedError) first = first.suppressed;
  return new CheckFailure(`what the check used cannot be disposed of: ${errorText(first)}`);
}

async function withinLimit(work: PromiseLike<void>, limitMs: number): Promise<void> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const late = new CheckFailure(`does not settle within ${limitMs / 1000} s: something it waits for never ends`);
  const timer = setTimeout(() => reject(late), limitMs);
  try {
    await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof CheckFailure ? error.message : errorText(error);
  const { cause } = error instanceof Error ? error : {};
  const why = cause === undefined ? '' : errorText(cause);
  // A run fails with the error of a plugin as the cause of one of its own, in the same words.
  return why === '' || why === text ? text : `${text} (${why})`;
}
