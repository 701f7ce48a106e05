import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { factoryFiles, findReports, type ReportLookup, upgradeFactory, type UpgradeGap } from '@sluice/adf';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { factoryToInspect, type InspectFlags } from '../factory/inspect-flags.ts';
import { replaceFile } from '../factory/write-definition.ts';
import { diffLines } from '../render/diff-text.ts';
import { plural } from '../render/quantity-text.ts';
import type { CommandContext } from './command-context.ts';

export interface UpgradeFlags extends InspectFlags {
  readonly write?: true;
  /** Linked service of an org that is asked for reports by name. */
  readonly org?: string;
}

/** Rewrites what is of the legacy Salesforce connector, or shows how it would be. */
export async function upgradeCommand(path: string, flags: UpgradeFlags, context: CommandContext): Promise<ExitCode> {
  const { output, stop } = context;
  const files = await factoryFiles(path, stop.signal);
  // Of a template, the file itself may have been named.
  const folder = (await stat(path)).isFile() ? dirname(path) : path;
  const reports = flags.org === undefined ? undefined : await reportsOf(path, flags.org, flags, context);
  const upgrade = await upgradeFactory(files, reports === undefined ? {} : { reports });
  if (flags.write === true) {
    for (const { path: file, text } of upgrade.files) {
      stop.signal.throwIfAborted();
      await replaceFile(join(folder, file), text);
    }
  }
  for (const { path: file } of upgrade.files.filter(({ losesComments }) => losesComments)) {
    output.warn(`warning: ${file}: comments in what is replaced are lost`);
  }
  const diffs = upgrade.files.map(({ path: file, shown }) => ({
    file,
    lines: diffLines(file, shown.before, shown.after),
  }));
  const isDone = upgrade.files.length === 0 || flags.write === true;
  output.result(
    [
      ...(flags.write === true
        ? upgrade.files.map(({ path: file }) => `wrote ${file}`)
        : diffs.flatMap(({ lines }) => lines)),
      ...gapLines(upgrade.gaps),
      summary(upgrade.files.length, upgrade.gaps.length, isDone),
    ],
    {
      status: upgrade.files.length === 0 ? 'current' : isDone ? 'written' : 'proposed',
      files: diffs.map(({ file, lines }) => ({ file, diff: lines.join('\n') })),
      gaps: upgrade.gaps,
    },
  );
  return EXIT_CODES.done;
}

async function reportsOf(
  path: string,
  linkedService: string,
  flags: UpgradeFlags,
  context: CommandContext,
): Promise<ReportLookup> {
  const { factory, options } = await factoryToInspect(path, flags, context);
  return async (name) => await findReports(factory, linkedService, name, options);
}

function gapLines(gaps: readonly UpgradeGap[]): readonly string[] {
  if (gaps.length === 0) return [];
  return ['', 'To do by hand:', ...gaps.map(({ file, path, message }) => `  ${file}: ${path}: ${message}`), ''];
}

function summary(files: number, gaps: number, isDone: boolean): string {
  const rest = gaps === 0 ? 'nothing is left to do by hand' : `${plural(gaps, 'part')} to do by hand`;
  if (files === 0) return `nothing was rewritten; ${rest}`;
  return isDone
    ? `${plural(files, 'file')} rewritten; ${rest}`
    : `${plural(files, 'file')} to rewrite; ${rest}; --write does it`;
}
