import { type Context, SluiceError } from '@sluice/core';

import type { Faults } from '../harness/fault-kind.ts';

/** The remote side of plugins in memory: counts requests, and answers as badly as it is told to. */
export class RemoteState {
  requests = 0;
  peakRequests = 0;
  #underWay = 0;
  #lasting: SluiceError | undefined;
  readonly #next: SluiceError[] = [];
  #stalled: Promise<void> | undefined;
  #isFull = false;

  readonly faults = {
    unreachable: () => this.#last('CONNECTION_LOST', 'the remote side cannot be reached'),
    badCredentials: () => this.#last('AUTH_REJECTED', 'the token is refused'),
    forbidden: () => this.#last('PERMISSION_DENIED', 'the user may not do this'),
    quota: () => this.#last('QUOTA_EXCEEDED', 'the allocation of today is used up'),
    full: () => void (this.#isFull = true),
    unavailable: ({ times }) => {
      for (let n = 0; n < times; n++) this.#next.push(new SluiceError('REMOTE_UNAVAILABLE', 'not now'));
    },
    rateLimit: ({ times, retryAfterMs }) => {
      for (let n = 0; n < times; n++) this.#next.push(new SluiceError('RATE_LIMITED', 'too many', { retryAfterMs }));
    },
  } satisfies Faults;

  #last(...error: ConstructorParameters<typeof SluiceError>): void {
    this.#lasting = new SluiceError(...error);
  }

  /** Requests wait until it is released. */
  stall(): { release(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stalled = promise;
    return {
      release: () => {
        this.#stalled = undefined;
        resolve();
      },
    };
  }

  /** What needs room asks for it within its request. */
  requireRoom(): void {
    if (this.#isFull) throw new SluiceError('STORAGE_FULL', 'the target is full');
  }

  /** One request. Takes a turn of the event loop, as a request takes time. */
  async request<T>({ signal }: Pick<Context, 'signal'>, answer: () => T): Promise<T> {
    signal.throwIfAborted();
    this.requests++;
    this.#underWay++;
    this.peakRequests = Math.max(this.peakRequests, this.#underWay);
    try {
      await unlessAborted(this.#stalled ?? new Promise((resolve) => setImmediate(resolve)), signal);
      const error = this.#lasting ?? this.#next.shift();
      if (error !== undefined) throw error;
      return answer();
    } finally {
      this.#underWay--;
    }
  }
}

async function unlessAborted(wait: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([wait, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
