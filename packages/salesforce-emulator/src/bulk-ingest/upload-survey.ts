import type { CsvDialect } from '../bulk-query/csv-dialect.ts';
import { JobFault } from './row-fault.ts';
import { uploadRows } from './upload-rows.ts';

export interface UploadSurvey {
  /** The names of the header row; none when the upload is empty. */
  readonly header: readonly string[];
  /** Rows after it. */
  readonly rows: number;
}

/** Looks an upload through before any row is saved. @throws {JobFault} when a line does not end as the job says. */
export async function surveyUpload(
  path: string,
  dialect: CsvDialect,
  { embeddedLineFeeds }: { readonly embeddedLineFeeds: 'keep' | 'failJob' },
): Promise<UploadSurvey> {
  const { lineEnding: expected } = dialect;
  let header: readonly string[] | undefined;
  let rows = 0;
  for await (const { cells, lineEnding } of uploadRows(path, dialect)) {
    const isMixed = lineEnding !== expected && lineEnding !== 'none';
    const isRefused = embeddedLineFeeds === 'failJob' && cells.some((cell) => cell.includes('\n'));
    if (isMixed || isRefused) {
      throw new JobFault(
        `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${expected}`,
      );
    }
    if (header === undefined) header = cells;
    else rows += 1;
  }
  return { header: header ?? [], rows };
}
