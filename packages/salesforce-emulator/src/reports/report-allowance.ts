import { ApiFault } from '../http/api-fault.ts';
import type { Quotas } from '../rest/quotas.ts';

const HOW = {
  HourlySyncReportRuns: 'synchronously',
  HourlyAsyncReportRuns: 'asynchronously',
} as const;

/** Counts a run. @throws {ApiFault} 403 when none is left for the hour. */
export function useReportRun(quotas: Quotas, name: keyof typeof HOW): void {
  if (quotas.remaining(name) < 1) {
    throw new ApiFault(
      403,
      'FORBIDDEN',
      `You can’t run more than ${quotas.most(name)} reports ${HOW[name]} every 60 minutes. Try again later.`,
    );
  }
  quotas.use(name);
}
