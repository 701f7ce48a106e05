import { type Observable, Subject } from 'rxjs';

import type { LeftBehind } from '../contract/source.ts';
import type { PendingCall } from './pending-calls.ts';
import type { Progress, ProgressWatcher } from './progress.ts';
import type { RunAccount } from './run-account.ts';
import type { RunEvent } from './run-events.ts';

/** What a run tells while it goes on. Both streams complete when it has settled, and never error. */
export class WatchedEvents implements ProgressWatcher {
  readonly #events$ = new Subject<RunEvent>();
  readonly #progress$ = new Subject<Progress>();
  #leftBehind: readonly LeftBehind[] = [];
  #account: RunAccount | undefined;
  #callsNow: () => readonly PendingCall[] = () => [];

  get events$(): Observable<RunEvent> {
    return this.#events$.asObservable();
  }

  get progress$(): Observable<Progress> {
    return this.#progress$.asObservable();
  }

  get isProgressWatched(): boolean {
    return this.#progress$.observed;
  }

  /** What became of the rows, once the run has settled. */
  get account(): RunAccount | undefined {
    return this.#account;
  }

  setAccount(account: RunAccount): void {
    this.#account = account;
  }

  get pendingCalls(): readonly PendingCall[] {
    return this.#callsNow();
  }

  watchCalls(now: () => readonly PendingCall[]): void {
    this.#callsNow = now;
  }

  /** What the end of the run named. */
  get leftBehind(): readonly LeftBehind[] {
    return this.#leftBehind;
  }

  tell(event: RunEvent): void {
    if (event.kind === 'ended') this.#leftBehind = event.leftBehind;
    this.#events$.next(event);
  }

  tellProgress(progress: Progress): void {
    this.#progress$.next(progress);
  }

  complete(): void {
    this.#events$.complete();
    this.#progress$.complete();
  }
}
