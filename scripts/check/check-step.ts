import type { Finding } from './finding.ts';

export interface CheckStep {
  readonly name: string;
  run(): Promise<readonly Finding[]>;
}

/** Runs every step, in order, whatever the earlier ones found. Returns the names of those that found something. */
export async function runSteps(steps: readonly CheckStep[], print: (line: string) => void): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of steps) {
    const startMs = performance.now();
    const findings = await settle(run);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    print(`${findings.length === 0 ? 'ok  ' : 'FAIL'}  ${name} (${seconds} s)`);
    if (findings.length > 0) failed.push(name);
    for (const finding of findings) print(describe(finding));
  }
  const outcome = failed.length === 0 ? 'nothing found' : `found something in ${failed.join(', ')}`;
  print(`check: ${steps.length} steps, ${outcome}`);
  return failed;
}

/** A step that breaks has not shown that all is well. */
async function settle(run: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ where: 'the check itself', what, fix: 'Correct the file the first line of the stack names.' }];
  }
}

function describe({ where, what, fix }: Finding): string {
  return [where, ...indent(what), `  -> ${fix}`].map((line) => `      ${line}`).join('\n');
}

function indent(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
}
