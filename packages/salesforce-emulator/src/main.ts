#!/usr/bin/env node
import { parseEmulatorArguments, runEmulator } from './command-line.ts';

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());

try {
  const write = (text: string): void => void process.stdout.write(text);
  await runEmulator(parseEmulatorArguments(process.argv.slice(2)), { write, signal: stopping.signal });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
