import { afterAll, afterEach } from 'vitest';

// Taken before a test can replace them by virtual ones.
const { setImmediate } = globalThis;

const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** What was said or rejected since the last look. */
const unexpected: string[] = [];

// A test that expects output replaces the method by a spy of its own, and nothing arrives here.
for (const method of CONSOLE_METHODS) {
  console[method] = (...args: readonly unknown[]) => {
    unexpected.push(`console.${method}: ${args.map(String).join(' ')}`);
  };
}

const onRejection = (reason: unknown): void => {
  unexpected.push(`unhandled rejection: ${String(reason)}`);
};

const onWarning = ({ name, message }: Error): void => {
  // node:sqlite announces that it is new; every other warning, such as a leak of listeners, is a defect.
  if (name !== 'ExperimentalWarning') unexpected.push(`${name}: ${message}`);
};

process.on('unhandledRejection', onRejection);
process.on('warning', onWarning);

afterEach(failOnAnythingUnexpected);
afterAll(async () => {
  try {
    await failOnAnythingUnexpected();
  } finally {
    // The next file of this process listens itself.
    process.off('unhandledRejection', onRejection);
    process.off('warning', onWarning);
  }
});

async function failOnAnythingUnexpected(): Promise<void> {
  // Rejections and warnings are reported when the microtasks are done.
  await new Promise((resolve) => setImmediate(resolve));
  const said = unexpected.splice(0);
  if (said.length > 0) throw new Error(`unexpected output:\n${said.join('\n')}`);
}
