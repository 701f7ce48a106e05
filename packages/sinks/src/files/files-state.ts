import { type Json, type PartId, type Segment, SluiceError } from '@sluice/core';

/** What a run writes to; journalled, and the same for every process of the run. */
export type FilesTarget = {
  readonly version: 1;
  /** Names the run's staged files. */
  readonly stagingId: string;
  readonly onExisting: 'create' | 'replace';
  /** In front of the names of a run that appends; 0 for none. */
  readonly generation: number;
  /** Files that were there when the run began, and are gone when an overwriting one has been committed. */
  readonly replaces: readonly string[];
  /** What to do when there is no row at all. */
  readonly whenEmpty: 'write' | 'leave';
};

/** A part that is staged. Interfaces have no index signature, so JSON takes them only property by property. */
export type FilesMessage = {
  readonly version: 1;
  readonly part: Pick<PartId, 'split' | 'part'>;
  readonly rows: number;
  /** The store's. */
  readonly token: Json;
  /** Where the part ends in its file, epilogue included only where the part is a file of its own. */
  readonly endByte: number;
  /** Where the part is one of many in its file. */
  readonly segment?: Pick<Segment, 'byteOffset' | 'summary'>;
};

export function requireVersion(state: { readonly version: number }): void {
  if (state.version === 1) return;
  throw new SluiceError('POSITION_UNSUPPORTED', 'the files of this run were staged by another version', {
    hint: 'Go on with the version of Sluice that started the run, or abandon the run and start again.',
  });
}
