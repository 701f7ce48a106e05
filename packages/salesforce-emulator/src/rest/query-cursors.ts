import type { EmulatorClock } from '../emulator-clock.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { QueryResult } from '../org/org.ts';
import { recordId } from '../org/record-id.ts';

export interface QueryCursor {
  readonly id: string;
  readonly result: QueryResult;
  readonly expiresMs: number;
}

/** Results of REST queries that were not answered in one page. */
export class QueryCursors implements Disposable {
  readonly #clock: EmulatorClock;
  readonly #ttlMs: number;
  readonly #cursors = new Map<string, QueryCursor>();
  #opened = 0;

  constructor(clock: EmulatorClock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** Takes the result over: it is disposed of with the cursor. */
  open(result: QueryResult): QueryCursor {
    this.#dropExpired();
    this.#opened += 1;
    const cursor = { id: recordId('0r8', this.#opened), result, expiresMs: this.#clock.now() + this.#ttlMs };
    this.#cursors.set(cursor.id, cursor);
    return cursor;
  }

  /** The cursor and the row that a locator names. @throws {ApiFault} when it names none. */
  find(locator: string): { readonly cursor: QueryCursor; readonly offset: number } {
    this.#dropExpired();
    const [, id = '', offset = ''] = /^(\w{18})-(\d+)$/.exec(locator) ?? [];
    const cursor = this.#cursors.get(id);
    if (cursor === undefined || Number(offset) > cursor.result.totalRows) {
      throw new ApiFault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    return { cursor, offset: Number(offset) };
  }

  /** Every locator given out so far is invalid from now on. */
  expireAll(): void {
    for (const cursor of this.#cursors.values()) this.#drop(cursor);
  }

  [Symbol.dispose](): void {
    this.expireAll();
  }

  #dropExpired(): void {
    for (const cursor of this.#cursors.values()) if (cursor.expiresMs <= this.#clock.now()) this.#drop(cursor);
  }

  #drop({ id, result }: QueryCursor): void {
    this.#cursors.delete(id);
    result[Symbol.dispose]();
  }
}
