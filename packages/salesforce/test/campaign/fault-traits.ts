import { type CataloguedFault, FAULT_CATALOGUE, type ScheduledFault } from '@sluice/salesforce-emulator';

const byId = new Map(FAULT_CATALOGUE.map((fault) => [fault.id, fault]));

/** A request is sent so often at most. */
const ATTEMPTS = 5;

function isSurvivable({ fault, on }: ScheduledFault): boolean {
  return byId.get(fault)?.survivableOn.includes(on) === true;
}

export function anyIs(
  faults: readonly ScheduledFault[],
  what: keyof Pick<CataloguedFault, 'stalls' | 'hangs' | 'reorders'>,
): boolean {
  return faults.some(({ fault }) => byId.get(fault)?.[what] === true);
}

/** Every one of them leaves the data of a correct client exact, and they are not more than one request is sent again for. */
export function areSurvivable(faults: readonly ScheduledFault[]): boolean {
  const hitsOf = (some: readonly ScheduledFault[]): number => some.reduce((sum, { times = 1 }) => sum + times, 0);
  if (hitsOf(faults) >= ATTEMPTS) return false;
  if (hitsOf(faults.filter(({ fault }) => byId.get(fault)?.isFatalTwice === true)) > 1) return false;
  return faults.every(isSurvivable);
}
