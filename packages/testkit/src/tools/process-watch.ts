import { settled } from './event-loop.ts';

const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Shared by everything in the process, so that a plugin must leave it alone. */
const PROTOTYPES: Readonly<Record<string, object>> = {
  'Object.prototype': Object.prototype,
  'Array.prototype': Array.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'BigInt.prototype': BigInt.prototype,
  'Promise.prototype': Promise.prototype,
  globalThis,
};

/**
 * Does the work and tells what it did to the process besides.
 *
 * @param atEnd Takes what puts the process back as it was, for work that never ends.
 */
export async function processEffects(
  work: () => Promise<void>,
  atEnd: (restore: () => void) => void = () => {},
): Promise<readonly string[]> {
  const effects: string[] = [];
  const before = stateOfProcess();
  const originals = CONSOLE_METHODS.map((method) => [method, console[method]] as const);
  for (const [method] of originals) console[method] = () => void effects.push(`console.${method} was called`);
  const onRejection = (): void => void effects.push('a rejection was not handled');
  const onWarning = ({ name, message }: Error): void => {
    if (name !== 'ExperimentalWarning') effects.push(`a warning came up: ${name}: ${message}`);
  };
  const others = process.rawListeners('unhandledRejection');
  // Whoever else listens must not take what the check looks for.
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', onRejection);
  process.on('warning', onWarning);
  let isRestored = false;
  const restore = (): void => {
    if (isRestored) return;
    isRestored = true;
    process.off('unhandledRejection', onRejection);
    process.off('warning', onWarning);
    // As they were given to it.
    for (const listener of others) process.on('unhandledRejection', listener as () => void);
    for (const [method, original] of originals) console[method] = original;
  };
  atEnd(restore);
  try {
    await work();
    await settled();
  } finally {
    restore();
  }
  const after = stateOfProcess();
  for (const [what, text] of after) if (before.get(what) !== text) effects.push(`${what} was changed`);
  return effects;
}

function stateOfProcess(): ReadonlyMap<string, string> {
  const state = new Map([
    ['the environment', JSON.stringify(process.env)],
    ['the working directory', process.cwd()],
    ['the default dispatcher of fetch', identityOf(Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1')))],
  ]);
  for (const [name, object] of Object.entries(PROTOTYPES)) {
    state.set(name, Reflect.ownKeys(object).map(String).toSorted().join());
  }
  return state;
}

const identities = new WeakMap<object, string>();

function identityOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const known = identities.get(value) ?? Math.random().toString(36);
  identities.set(value, known);
  return known;
}
