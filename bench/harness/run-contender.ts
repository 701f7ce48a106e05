import { spawn } from 'node:child_process';

import type { Contender, Facts, Measurement } from './contender.ts';

/** One run in a fresh process. @throws when the contender fails, or its facts are not the expected ones. */
export async function runContender(contender: Contender, suiteFacts: Facts): Promise<Measurement> {
  const { name, modulePath, input, expected = suiteFacts } = contender;
  const args = ['--conditions=@sluice/source', modulePath, JSON.stringify(input)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const { promise: closed, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  const code = await closed;
  if (code !== 0) throw new Error(`${name} ended with code ${code}`);
  // What `measure` wrote.
  const measurement = JSON.parse(output) as Measurement;
  for (const [fact, value] of Object.entries(measurement.facts)) {
    if (expected[fact] !== value) throw new Error(`${name}: ${fact} is ${value}, expected ${expected[fact]}`);
  }
  if (Object.keys(measurement.facts).length === 0) throw new Error(`${name} shows nothing that could be checked`);
  return measurement;
}
