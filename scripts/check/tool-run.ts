import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

export interface ToolResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a tool of the root's development dependencies. */
export async function runTool(root: string, tool: string, args: readonly string[]): Promise<ToolResult> {
  return await runCommand(root, join(root, 'node_modules/.bin', tool), args);
}

/** Runs a program in the root folder and collects what it says. */
export async function runCommand(root: string, program: string, args: readonly string[]): Promise<ToolResult> {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  // Some tools colour their output whatever they are told.
  return { exitCode, output: stripVTControlCharacters(`${out}${err}`) };
}
