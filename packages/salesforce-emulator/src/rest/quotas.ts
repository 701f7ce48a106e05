import type { EmulatorClock } from '../emulator-clock.ts';
import { ApiFault } from '../http/api-fault.ts';

const DAY_MS = 86_400_000;

/** What `/limits` lists, with the maximum of a Developer Edition org. */
export const DEFAULT_QUOTAS: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyApiRequests: 15_000,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyBulkV2QueryJobs: 10_000,
  DataStorageMB: 1024,
  FileStorageMB: 1024,
  HourlyAsyncReportRuns: 1200,
  HourlyPublishedPlatformEvents: 50_000,
  HourlySyncReportRuns: 500,
};

/** Allowances of the org, used up call by call; all are given back a day after the first use. */
export class Quotas {
  readonly #clock: EmulatorClock;
  readonly #most: ReadonlyMap<string, number>;
  readonly #used = new Map<string, number>();
  #sinceMs: number | undefined;

  constructor(clock: EmulatorClock, most: Readonly<Record<string, number>>) {
    this.#clock = clock;
    this.#most = new Map(Object.entries(most));
  }

  get names(): readonly string[] {
    return [...this.#most.keys()];
  }

  most(name: string): number {
    return this.#most.get(name) ?? 0;
  }

  used(name: string): number {
    if (this.#sinceMs !== undefined && this.#clock.now() - this.#sinceMs >= DAY_MS) {
      this.#sinceMs = undefined;
      this.#used.clear();
    }
    return this.#used.get(name) ?? 0;
  }

  remaining(name: string): number {
    return Math.max(0, Math.floor(this.most(name) - this.used(name)));
  }

  use(name: string, amount = 1): void {
    const used = this.used(name);
    this.#sinceMs ??= this.#clock.now();
    this.#used.set(name, used + amount);
  }

  /** Counts an API call. @throws {ApiFault} 403 when none is left. */
  useApiCall(): void {
    if (this.remaining('DailyApiRequests') < 1) {
      throw new ApiFault(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    this.use('DailyApiRequests');
  }

  /** The value of `Sforce-Limit-Info`. */
  get apiUsage(): string {
    return `api-usage=${this.used('DailyApiRequests')}/${this.most('DailyApiRequests')}`;
  }
}
