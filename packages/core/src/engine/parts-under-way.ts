import type { CopyParts } from './copy-parts.ts';
import type { PartState } from './run-state.ts';
import { Semaphore } from './semaphore.ts';
import { settlePart } from './settle-part.ts';

/**
 * Parts that are being written or committed: as many at once as the sink has writers. Where it has one, the next part is
 * begun when the one before is settled.
 */
export class PartsUnderWay {
  readonly #copy: CopyParts;
  readonly #places: Semaphore;
  readonly #settling = new Set<Promise<void>>();

  constructor(copy: CopyParts) {
    this.#copy = copy;
    this.#places = new Semaphore(copy.sink.traits.writers);
  }

  /** A place for a part, to be given up when the part is settled or has failed. */
  async begin(): Promise<Disposable> {
    return await this.#places.acquire(this.#copy.signal);
  }

  /** Commits a prepared part while others go on. Its failure is the run's. */
  settle(original: PartState, place: Disposable): void {
    const settling = this.#settle(original, place);
    this.#settling.add(settling);
    settling.then(
      () => this.#settling.delete(settling),
      () => {},
    );
  }

  /** When every part is settled. @throws what the first of them has failed with, once none is under way. */
  async settled(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#settling);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #settle(original: PartState, place: Disposable): Promise<void> {
    try {
      await settlePart(this.#copy, original);
    } catch (error) {
      this.#copy.fail(error);
    } finally {
      place[Symbol.dispose]();
    }
  }
}
