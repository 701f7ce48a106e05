import type { CataloguedFault } from './catalogued-fault.ts';
import { EXCHANGE_FAULTS } from './exchange-faults.ts';
import { INGEST_FAULTS } from './ingest-faults.ts';
import { QUERY_FAULTS } from './query-faults.ts';

/** Everything that can go wrong while the result of a query job is read or rows are loaded, as data to draw from. */
export const FAULT_CATALOGUE: readonly CataloguedFault[] = [...EXCHANGE_FAULTS, ...QUERY_FAULTS, ...INGEST_FAULTS];
