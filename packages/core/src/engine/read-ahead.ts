import { unlessAborted } from './abort.ts';

/** Items asked for before they are wanted. Disposing ends the production, and waits until it has ended. */
export interface ReadAhead<T> extends AsyncDisposable {
  /** Undefined at the end. One caller at a time. */
  next(): Promise<T | undefined>;
}

export interface ReadAheadOptions<T> {
  /** Items ready or under production beyond the one that was taken last; with 0 one is produced when it is asked for. */
  readonly depth: number;
  readonly signal: AbortSignal;
  /** For items that nobody took. */
  readonly drop?: (item: T) => Promise<void>;
}

type Entry<T> = { readonly item: T } | { readonly error: unknown } | 'end';

/** Starts at once. With nobody taking, production stops after `depth` items. */
export function readAhead<T>(
  items: AsyncGenerator<T, void, undefined>,
  { depth, signal, drop }: ReadAheadOptions<T>,
): ReadAhead<T> {
  const queue: Entry<T>[] = [];
  let isStopped = false;
  let isWanted = false;
  let wakeTaker = (): void => {};
  let wakePump = (): void => {};

  function put(entry: Entry<T>): void {
    queue.push(entry);
    wakeTaker();
  }

  async function pump(): Promise<void> {
    try {
      for (;;) {
        if (isStopped) return;
        if (queue.length >= depth + (isWanted ? 1 : 0)) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wakePump = resolve;
          await promise;
          continue;
        }
        const next = await items.next();
        if (next.done === true) return put('end');
        put({ item: next.value });
      }
    } catch (error) {
      put({ error });
    }
  }
  const pumping = pump();

  return {
    async next() {
      isWanted = true;
      try {
        while (queue.length === 0) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wakeTaker = resolve;
          wakePump();
          await unlessAborted(promise, signal);
        }
      } finally {
        isWanted = false;
      }
      signal.throwIfAborted();
      const entry = queue[0]!;
      // An end and an error stay for whoever asks again.
      if (entry === 'end') return undefined;
      if ('error' in entry) throw entry.error;
      queue.shift();
      wakePump();
      return entry.item;
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      wakePump();
      await pumping;
      await items.return();
      const left = queue.splice(0).flatMap((entry) => (entry !== 'end' && 'item' in entry ? [entry.item] : []));
      await Promise.all(left.map(async (item) => await drop?.(item)));
    },
  };
}
