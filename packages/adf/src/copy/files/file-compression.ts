import { type Format, SluiceError } from '@sluice/core';
import { compressed } from '@sluice/formats/compressed';

/** What files as a whole can be compressed with here, by the names of Data Factory. */
export const FILE_CODECS: ReadonlySet<string> = new Set(['none', 'gzip', 'deflate']);

/** Levels of zlib. */
const LEVELS: Readonly<Record<string, number>> = { Fastest: 1, Optimal: 6 };

/** The format, compressed as a dataset says. @throws `CONNECTOR_MISSING` for other codecs. */
export function compressedAs(format: Format, codec: string | undefined, level: string | undefined): Format {
  if (codec === undefined || codec === 'none') return format;
  if (codec !== 'gzip' && codec !== 'deflate') {
    throw new SluiceError('CONNECTOR_MISSING', `there is no connector for files compressed with ${codec} here`, {
      hint: 'Set the codec to gzip, deflate or none.',
    });
  }
  return compressed(format, { codec, level: LEVELS[level ?? ''] ?? 6 });
}
