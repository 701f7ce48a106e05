import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

import { LiveLine } from './live-line.ts';

/** Where it goes: the process, but for tests. */
export interface OutputStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: WriteStream;
}

export interface OutputOptions {
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** What the command says: its result on stdout, everything else on stderr. */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  /** Where there is a terminal to redraw it on. */
  readonly live: LiveLine | undefined;
  readonly #streams: OutputStreams;

  constructor({ format, quiet, verbose }: OutputOptions, streams: OutputStreams = process) {
    this.#streams = streams;
    this.isJson = format === 'json';
    this.isQuiet = quiet;
    this.isVerbose = verbose;
    this.live = streams.stderr.isTTY && !quiet ? new LiveLine(streams.stderr) : undefined;
  }

  /** Once: lines for people, or one document for programs. */
  result(lines: readonly string[], document: unknown): void {
    this.live?.clear();
    const text = this.isJson ? JSON.stringify(document, undefined, 2) : lines.join('\n');
    this.#streams.stdout.write(`${text}\n`);
  }

  /** For people who watch. */
  say(line: string): void {
    if (!this.isQuiet) this.warn(line);
  }

  /** For everybody. */
  warn(line: string): void {
    const shown = this.live?.clear();
    this.#streams.stderr.write(`${line}\n`);
    if (shown !== undefined) this.live?.show(shown);
  }

  /** How it ended where it did not succeed: what stands before the first colon is coloured on a terminal. */
  problem(lines: readonly string[]): void {
    for (const [i, line] of lines.entries()) this.warn(i === 0 ? this.#coloured(line) : line);
  }

  #coloured(line: string): string {
    const [head = ''] = /^[^:]*/.exec(line) ?? [];
    return styleText(['red', 'bold'], head, { stream: this.#streams.stderr }) + line.slice(head.length);
  }
}
