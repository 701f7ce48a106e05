import { type Context, SluiceError } from '@sluice/core';

import type { ArmedFault, Faults } from '../harness/fault-kind.ts';
import { FaultHits } from './fault-hits.ts';

interface Answer {
  readonly fault: FaultHits;
  readonly error: SluiceError;
}

/** The remote side of plugins in memory: counts requests, and answers as badly as it is told to. */
export class RemoteState {
  requests = 0;
  peakRequests = 0;
  #underWay = 0;
  #lasting: Answer | undefined;
  readonly #next: Answer[] = [];
  #stalled: Promise<void> | undefined;
  #full: FaultHits | undefined;

  readonly faults = {
    unreachable: () => this.#last('CONNECTION_LOST', 'the remote side cannot be reached'),
    badCredentials: () => this.#last('AUTH_REJECTED', 'the token is refused'),
    forbidden: () => this.#last('PERMISSION_DENIED', 'the user may not do this'),
    quota: () => this.#last('QUOTA_EXCEEDED', 'the allocation of today is used up'),
    full: () => (this.#full = new FaultHits()),
    unavailable: ({ times }) => this.#answerNext(times, () => new SluiceError('REMOTE_UNAVAILABLE', 'not now')),
    rateLimit: ({ times, retryAfterMs }) =>
      this.#answerNext(times, () => new SluiceError('RATE_LIMITED', 'too many', { retryAfterMs })),
  } satisfies Faults;

  #last(...error: ConstructorParameters<typeof SluiceError>): ArmedFault {
    const fault = new FaultHits();
    this.#lasting = { fault, error: new SluiceError(...error) };
    return fault;
  }

  #answerNext(times: number, error: () => SluiceError): ArmedFault {
    const fault = new FaultHits();
    for (let n = 0; n < times; n++) this.#next.push({ fault, error: error() });
    return fault;
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
    if (this.#full === undefined) return;
    this.#full.strike();
    throw new SluiceError('STORAGE_FULL', 'the target is full');
  }

  /** One request. Takes a turn of the event loop, as a request takes time. */
  async request<T>({ signal }: Pick<Context, 'signal'>, answer: () => T): Promise<T> {
    signal.throwIfAborted();
    this.requests++;
    this.#underWay++;
    this.peakRequests = Math.max(this.peakRequests, this.#underWay);
    try {
      await unlessAborted(this.#stalled ?? new Promise((resolve) => setImmediate(resolve)), signal);
      const refusal = this.#lasting ?? this.#next.shift();
      refusal?.fault.strike();
      if (refusal !== undefined) throw refusal.error;
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
