import type { VaultCache } from '../secrets/vault-cache.ts';
import type { CopyStates } from './copy-states.ts';

/** What data activities are told from outside of the definitions. */
export interface DataOptions {
  readonly vaults: VaultCache;
  /** Absolute path that relative paths of linked services count from. */
  readonly factoryFolder: string;
  /** For linked services that name none, such as `64.0`. */
  readonly defaultApiVersion?: string;
  /** What becomes of fraction digits beyond the declared scale: `scale` rounds and counts, `exact` makes room. */
  readonly decimals?: 'scale' | 'exact';
  /** What becomes of fields that hold files, which no query job returns. Default: the copy is refused. */
  readonly binaryFields?: 'refuse' | 'skip';
  /** How Parquet files hold instants: as the format has them now, or as Data Factory writes them. Default `micros`. */
  readonly timestamps?: 'micros' | 'int96';
  /** Where copies are kept while they go on. Default: in memory. */
  readonly copies?: CopyStates;
}
