import { unlessAborted } from './abort.ts';

/** Permits handed out in the order they were asked for. The capacity may change while they are out. */
export class Semaphore {
  #capacity: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  set capacity(capacity: number) {
    this.#capacity = capacity;
    this.#admit();
  }

  /** Rejects with `signal.reason` on abort, and then holds nothing. */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#taken < this.#capacity && this.#waiting.size === 0) {
      this.#taken++;
    } else {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      try {
        await unlessAborted(promise, signal);
      } catch (error) {
        // Admitted in the very moment it gave up: the permit goes on to the next.
        if (!this.#waiting.delete(resolve)) this.#release();
        throw error;
      }
    }
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#release();
        isHeld = false;
      },
    };
  }

  #release(): void {
    this.#taken--;
    this.#admit();
  }

  #admit(): void {
    for (const resolve of this.#waiting) {
      if (this.#taken >= this.#capacity) return;
      this.#waiting.delete(resolve);
      this.#taken++;
      resolve();
    }
  }
}
