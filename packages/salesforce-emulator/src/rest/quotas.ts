import type { EmulatorClock } from '../emulator-clock.ts';
import { ApiFault } from '../http/api-fault.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

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

/** What was used since an allowance was last whole. */
interface Period {
  readonly lengthMs: number;
  readonly used: Map<string, number>;
  sinceMs: number | undefined;
}

/**
 * Allowances of the org, used up call by call. All of a day are given back a day after the first use, those of an hour an
 * hour after it.
 */
export class Quotas {
  readonly #clock: EmulatorClock;
  readonly #most: ReadonlyMap<string, number>;
  readonly #day: Period = { lengthMs: DAY_MS, used: new Map(), sinceMs: undefined };
  readonly #hour: Period = { lengthMs: HOUR_MS, used: new Map(), sinceMs: undefined };

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
    const period = this.#periodOf(name);
    if (period.sinceMs !== undefined && this.#clock.now() - period.sinceMs >= period.lengthMs) {
      period.sinceMs = undefined;
      period.used.clear();
    }
    return period.used.get(name) ?? 0;
  }

  remaining(name: string): number {
    return Math.max(0, Math.floor(this.most(name) - this.used(name)));
  }

  use(name: string, amount = 1): void {
    const used = this.used(name);
    const period = this.#periodOf(name);
    period.sinceMs ??= this.#clock.now();
    period.used.set(name, used + amount);
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

  #periodOf(name: string): Period {
    return name.startsWith('Hourly') ? this.#hour : this.#day;
  }
}
