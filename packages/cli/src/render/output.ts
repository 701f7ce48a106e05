import { styleText } from 'node:util';

import { LiveLine } from './live-line.ts';

export interface OutputOptions {
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export type Style = Parameters<typeof styleText>[0];

/** What the command says: its result on stdout, everything else on stderr. */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  /** Where there is a terminal to redraw it on. */
  readonly live: LiveLine | undefined;

  constructor({ format, quiet, verbose }: OutputOptions) {
    this.isJson = format === 'json';
    this.isQuiet = quiet;
    this.isVerbose = verbose;
    this.live = process.stderr.isTTY && !quiet ? new LiveLine(process.stderr) : undefined;
  }

  /** Once: lines for people, or one document for programs. */
  result(lines: readonly string[], document: unknown): void {
    this.live?.clear();
    const text = this.isJson ? JSON.stringify(document, undefined, 2) : lines.join('\n');
    process.stdout.write(`${text}\n`);
  }

  /** For people who watch. */
  say(line: string): void {
    if (!this.isQuiet) this.warn(line);
  }

  /** For everybody. */
  warn(line: string): void {
    const shown = this.live?.clear();
    process.stderr.write(`${line}\n`);
    if (shown !== undefined) this.live?.show(shown);
  }

  /** Colours for stderr, where it shows them. */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stderr });
  }
}
