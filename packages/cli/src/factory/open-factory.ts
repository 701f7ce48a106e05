import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { type DefinitionProblem, loadFactory, problemText, type ReadFactory } from '@sluice/adf';

import type { CommandContext } from '../commands/command-context.ts';
import type { FactoryFlags } from './factory-flags.ts';

export interface OpenedFactory {
  readonly read: ReadFactory;
  /** Absolute; what relative paths of linked services count from. */
  readonly folder: string;
}

/** Reads a factory from its folder, or from a deployment template. @throws `CONFIG_INVALID` when it cannot be read. */
export async function openFactory(
  path: string,
  { strict, apiVersion }: FactoryFlags,
  { stop }: CommandContext,
): Promise<OpenedFactory> {
  const read = await loadFactory(path, {
    strict: strict === true,
    signal: stop.signal,
    ...(apiVersion === undefined ? {} : { defaultApiVersion: apiVersion }),
  });
  const isFile = (await stat(path)).isFile();
  return { read, folder: resolve(isFile ? dirname(path) : path) };
}

export interface SortedProblems {
  readonly errors: readonly DefinitionProblem[];
  readonly warnings: readonly DefinitionProblem[];
}

export function sortProblems(problems: readonly DefinitionProblem[]): SortedProblems {
  return {
    errors: problems.filter(({ severity }) => severity === 'error'),
    warnings: problems.filter(({ severity }) => severity === 'warning'),
  };
}

/** One problem: where and what, and what to do. */
export function problemLines(problem: DefinitionProblem): readonly string[] {
  const { severity, code, hint, factoryCode } = problem;
  return [
    `${severity} ${factoryCode ?? code}: ${problemText(problem)}`,
    ...(hint === undefined ? [] : hint.split('\n').map((line) => `  ${line}`)),
  ];
}
