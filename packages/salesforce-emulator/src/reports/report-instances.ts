import type { EmulatorClock } from '../emulator-clock.ts';
import { recordId } from '../org/record-id.ts';

const DAY_MS = 86_400_000;
const MOST_LISTED = 2000;

export type InstanceStatus = 'New' | 'Running' | 'Success';

export interface ReportInstance {
  readonly id: string;
  readonly reportId: string;
  readonly requestedMs: number;
  readonly completesMs: number;
  readonly startsMs: number;
  readonly includeDetails: boolean;
  /** What it shows once it is done: the rows as they were when it was asked for. */
  readonly body: object;
}

/** Runs that were asked for and are fetched later, kept for a day. */
export class ReportInstances {
  readonly #clock: EmulatorClock;
  readonly #delays: { readonly queuedMs: number; readonly runningMs: number };
  readonly #instances = new Map<string, ReportInstance>();
  #created = 0;

  constructor(clock: EmulatorClock, delays: { readonly queuedMs: number; readonly runningMs: number }) {
    this.#clock = clock;
    this.#delays = delays;
  }

  create(reportId: string, includeDetails: boolean, body: object): ReportInstance {
    const requestedMs = this.#clock.now();
    const startsMs = requestedMs + this.#delays.queuedMs;
    const instance: ReportInstance = {
      id: recordId('0LG', ++this.#created),
      reportId,
      requestedMs,
      startsMs,
      completesMs: startsMs + this.#delays.runningMs,
      includeDetails,
      body,
    };
    this.#instances.set(instance.id, instance);
    return instance;
  }

  of(reportId: string): readonly ReportInstance[] {
    this.#dropOld();
    const all = [...this.#instances.values()].filter((instance) => instance.reportId === reportId);
    return all.toReversed().slice(0, MOST_LISTED);
  }

  find(reportId: string, id: string): ReportInstance | undefined {
    return this.of(reportId).find((instance) => instance.id.startsWith(id));
  }

  remove({ id }: ReportInstance): void {
    this.#instances.delete(id);
  }

  statusOf({ startsMs, completesMs }: ReportInstance): InstanceStatus {
    const nowMs = this.#clock.now();
    if (nowMs >= completesMs) return 'Success';
    return nowMs >= startsMs ? 'Running' : 'New';
  }

  #dropOld(): void {
    for (const instance of this.#instances.values()) {
      if (this.#clock.now() - instance.requestedMs > DAY_MS) this.#instances.delete(instance.id);
    }
  }
}
