import type { EmulatorClock } from '../emulator-clock.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { matchesRequest, type RequestMatch } from './request-match.ts';

/** How a request ended: answered in full, cut off by the emulator, or given up by the client. */
export type RequestEnd = 'answered' | 'cut' | 'abandoned';

/** One request as the emulator saw it. It is live: what happens later shows in it. */
export interface LoggedRequest {
  /** Counts the requests from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; tokens and secrets are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly startedMs: number;
  /** Undefined until the answer has begun. */
  readonly status: number | undefined;
  /** Of the body as transferred, handed to the operating system so far. */
  readonly bodyBytes: number;
  /** A part of the body waits because the client does not read. */
  readonly isBlocked: boolean;
  /** The job the request created or named. */
  readonly jobId: string | undefined;
  /** The body of a PATCH. */
  readonly patch: string | undefined;
  /** Undefined until it is over. */
  readonly end: RequestEnd | undefined;
  readonly endedMs: number | undefined;
  /** What went wrong inside the emulator: a defect of it, or a fault action that threw. */
  readonly failure: unknown;
}

/** What the emulator itself may change of a logged request. */
export type RequestChange = Partial<Pick<LoggedRequest, 'status' | 'isBlocked' | 'jobId' | 'patch' | 'failure'>>;

interface Waiter {
  readonly predicate: (request: LoggedRequest, log: RequestLog) => boolean;
  readonly resolve: (request: LoggedRequest) => void;
  readonly reject: (cause: Error) => void;
}

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

type Entry = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

/** The requests so far, in order, for tests to ask: all of them, or the newest of very many. */
export class RequestLog {
  readonly #clock: EmulatorClock;
  readonly #most: number;
  readonly #requests: Entry[] = [];
  /** Those that are not over; a long one may have left the log before. */
  readonly #running = new Map<number, Entry>();
  readonly #waiters = new Set<Waiter>();
  #started = 0;
  readonly #unanswered = new Set<number>();
  #peak = 0;

  constructor(clock: EmulatorClock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** The most requests there have been at one time whose answer had not begun. */
  get peak(): number {
    return this.#peak;
  }

  /** Those that match, in order. */
  matching(match: RequestMatch): readonly LoggedRequest[] {
    return this.#requests.filter((request) => matchesRequest(match, request));
  }

  /** The first request for which the predicate holds, now or as soon as it does. Rejects when the emulator stops. */
  waitFor(predicate: (request: LoggedRequest, log: RequestLog) => boolean): Promise<LoggedRequest> {
    const found = this.#requests.find((request) => predicate(request, this));
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => this.#waiters.add({ predicate, resolve, reject }));
  }

  start({ method, path, query, headers }: IncomingRequest): LoggedRequest {
    const kept = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || SECRET_HEADERS.has(name) ? [] : [[name, String(value)] as const],
    );
    this.#started += 1;
    const request: Entry = {
      number: this.#started,
      method,
      path,
      query,
      headers: Object.fromEntries(kept),
      startedMs: this.#clock.now(),
      status: undefined,
      bodyBytes: 0,
      isBlocked: false,
      jobId: undefined,
      patch: undefined,
      end: undefined,
      endedMs: undefined,
      failure: undefined,
    };
    this.#running.set(request.number, request);
    this.#unanswered.add(request.number);
    this.#peak = Math.max(this.#peak, this.#unanswered.size);
    this.#requests.push(request);
    if (this.#requests.length > this.#most) this.#requests.shift();
    this.#notify(request);
    return request;
  }

  change({ number }: LoggedRequest, change: RequestChange): void {
    if (change.status !== undefined) this.#unanswered.delete(number);
    const request = this.#find(number);
    if (request !== undefined) this.#notify(Object.assign(request, change));
  }

  sent({ number }: LoggedRequest, bytes: number): void {
    const request = this.#find(number);
    if (request === undefined) return;
    request.bodyBytes += bytes;
    this.#notify(request);
  }

  /** The first end counts. */
  end({ number }: LoggedRequest, end: RequestEnd): void {
    const request = this.#running.get(number);
    if (request === undefined) return;
    this.#running.delete(number);
    this.#unanswered.delete(number);
    this.#notify(Object.assign(request, { end, endedMs: this.#clock.now(), isBlocked: false }));
  }

  /** Rejects whoever still waits. */
  close(): void {
    for (const { reject } of this.#waiters) reject(new Error('the emulator stopped before such a request came'));
    this.#waiters.clear();
  }

  #find(number: number): Entry | undefined {
    return this.#running.get(number) ?? this.#requests[number - 1 - (this.#started - this.#requests.length)];
  }

  #notify(request: LoggedRequest): void {
    for (const waiter of this.#waiters) {
      let holds: boolean;
      try {
        holds = waiter.predicate(request, this);
      } catch (cause) {
        this.#waiters.delete(waiter);
        waiter.reject(new Error('the predicate threw', { cause }));
        continue;
      }
      if (!holds) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(request);
    }
  }
}
