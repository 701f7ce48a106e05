import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Clock, type RowValue, SluiceError } from '@sluice/core';

export interface SessionLogPlace {
  /** Absolute path of the store. */
  readonly root: string;
  /** Folder in it. */
  readonly path: string;
  readonly activityName: string;
  readonly activityRunId: string;
}

const HEADER = 'Timestamp,Level,OperationName,OperationItem,Message\r\n';
const FLUSH_CHARACTERS = 65_536;

/**
 * The log of the rows that a copy skipped: "Session log in copy activity", read 2026-11.
 *
 * `<path>/copyactivity-logs/<activity>/<run>/<guid>.csv`, written as rows are skipped; a row that is read again after an
 * interruption is logged again. It holds the values of those rows: it is data, and goes where the activity says.
 */
export class SessionLog {
  /** As the output of the activity names it. */
  readonly folder: string;
  readonly #file: string;
  readonly #absoluteFolder: string;
  readonly #clock: Clock;
  readonly #isReliable: boolean;
  #pending = '';
  #isStarted = false;

  /** @throws `CONFIG_INVALID` for a path that leads out of the store. */
  constructor({ root, path, activityName, activityRunId }: SessionLogPlace, clock: Clock, isReliable: boolean) {
    const folders = [
      ...path.split(/[/\\]/).filter((part) => part !== ''),
      'copyactivity-logs',
      activityName,
      activityRunId,
    ];
    if (folders.some((part) => part === '.' || part === '..' || /[/\\\0]/.test(part))) {
      throw new SluiceError(
        'CONFIG_INVALID',
        'logSettings.logLocationSettings.path leads out of the folder of its store',
      );
    }
    this.folder = `${folders.join('/')}/`;
    this.#absoluteFolder = join(root, ...folders);
    this.#file = join(this.#absoluteFolder, `${randomUUID()}.csv`);
    this.#clock = clock;
    this.#isReliable = isReliable;
  }

  /** A row that was skipped; without values where it could not be read. */
  skipped(values: readonly RowValue[], message: string): void {
    const item = values.map((value) => quoted(textOf(value))).join(',');
    const time = `${new Date(this.#clock.now()).toISOString().replace('T', ' ').slice(0, -1)}0000`;
    this.#pending += `${time},Warning,TabularRowSkip,${quoted(item)},${quoted(message)}\r\n`;
    if (this.#isReliable || this.#pending.length >= FLUSH_CHARACTERS) this.flush();
  }

  /** Writes what is pending; a log without a row is its header. */
  flush(): void {
    if (this.#isStarted && this.#pending === '') return;
    try {
      if (!this.#isStarted) mkdirSync(this.#absoluteFolder, { recursive: true });
      appendFileSync(this.#file, this.#isStarted ? this.#pending : HEADER + this.#pending);
    } catch (cause) {
      throw new SluiceError('IO_FAILED', `the log ${this.folder} cannot be written`, {
        cause,
        hint: 'Check the folder of logSettings.',
      });
    }
    this.#isStarted = true;
    this.#pending = '';
  }
}

function textOf(value: RowValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
