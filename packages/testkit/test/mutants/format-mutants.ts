import { type FileEncoding, type Format, type OpenFile, type SegmentEncoder, SluiceError } from '@sluice/core';
import { Schema } from 'apache-arrow';

import { openedFormat } from '../opened-format.ts';
import { formatHarness } from '../plain-format.ts';
import type { Mutant } from './mutant.ts';

function mutant(check: string, is: string, says: RegExp, change: (format: Format) => Format): Mutant {
  return { check, is, says, harness: () => formatHarness(change) };
}

function encodings(change: (encoding: FileEncoding) => Partial<FileEncoding>): (format: Format) => Format {
  return (format) => ({
    ...format,
    encode(schema) {
      const encoding = format.encode(schema);
      return { ...encoding, ...change(encoding) };
    },
  });
}

function segments(change: (encoder: SegmentEncoder) => Partial<SegmentEncoder>): (format: Format) => Format {
  return encodings((encoding) => ({
    segment() {
      const encoder = encoding.segment();
      return { ...encoder, ...change(encoder) };
    },
  }));
}

function decoding(change: NonNullable<Format['decode']>): (format: Format) => Format {
  return (format) => ({ ...format, decode: change });
}

/** Files that are opened, broken in just one way. */
function opened(change: (file: OpenFile) => Partial<OpenFile>): (format: Format) => Format {
  return (format) => openedFormat(format, change);
}

const correct = formatHarness().format();

export const FORMAT_MUTANTS: readonly Mutant[] = [
  mutant(
    'F1',
    'loses the last row of a batch',
    /rows are missing/,
    segments((encoder) => ({
      write: (batch) => encoder.write(batch.slice(0, batch.numRows - 1)),
    })),
  ),
  mutant(
    'F2',
    'ends a line with every batch',
    /rows in batches of \d+ give other bytes/,
    segments((encoder) => ({
      write: (batch) => [...encoder.write(batch), Buffer.from(' ')],
    })),
  ),
  mutant(
    'F3',
    'remembers the segments it has made',
    /segments by other processes give other bytes/,
    encodings((encoding) => {
      let made = 0;
      return {
        segment() {
          made++;
          return encoding.segment();
        },
        epilogue: (list) => Buffer.concat([Buffer.from(made === 4 ? '' : ' '), encoding.epilogue(list)]),
      };
    }),
  ),
  mutant('F4', 'refuses a type without naming the column', /does not name it/, (format) => ({
    ...format,
    encode(schema) {
      try {
        return format.encode(schema);
      } catch {
        throw new SluiceError('TYPE_UNSUPPORTED', 'a type is not supported');
      }
    },
  })),
  mutant(
    'F5',
    'writes nothing when there are no rows',
    /FILE_CORRUPT/,
    encodings((encoding) => ({
      epilogue: (list) => (list.length === 0 ? new Uint8Array(0) : encoding.epilogue(list)),
    })),
  ),
  mutant(
    'F6',
    'writes into bytes it has given away',
    /piece \d+ of the bytes has changed since it was given away/,
    segments((encoder) => {
      let given: readonly Uint8Array[] = [];
      return {
        write(batch) {
          for (const bytes of given) bytes[0] = 0;
          return (given = encoder.write(batch));
        },
      };
    }),
  ),
  mutant(
    'F7',
    'holds everything until the end',
    /went into an encoder that gave none away/,
    segments((encoder) => {
      const held: Uint8Array[] = [];
      return {
        write(batch) {
          held.push(...encoder.write(batch));
          return [];
        },
        end() {
          const { bytes, summary } = encoder.end();
          return { bytes: [...held, ...bytes], summary };
        },
      };
    }),
  ),
  mutant(
    'F8',
    'takes each chunk for text of its own',
    /decoded from chunks of \d+ bytes|fails unexpectedly/,
    decoding((input, options) =>
      correct.decode!(
        (async function* () {
          for await (const chunk of input) yield Buffer.from(Buffer.from(chunk).toString('utf8'));
        })(),
        options,
      ),
    ),
  ),
  mutant(
    'F9',
    'does not keep to the bounds',
    /a batch of \d+ rows is decoded, and the bound is 9/,
    decoding((input, options) => correct.decode!(input, { ...options, batch: { rows: 1000, bytes: 2 ** 30 } })),
  ),
  mutant(
    'F10',
    'takes a cut file for a shorter one',
    /is decoded as if it were whole/,
    decoding(async function* (input, options) {
      try {
        yield* correct.decode!(input, options);
      } catch (error) {
        if (!(SluiceError.is(error) && error.code === 'FILE_CORRUPT')) throw error;
      }
    }),
  ),
  mutant(
    'F11',
    'does not look at the signal',
    /although its signal is aborted/,
    decoding((input, options) => correct.decode!(input, { ...options, signal: new AbortController().signal })),
  ),
  mutant(
    'F12',
    'begins at the start again',
    /decoded from row 7 on/,
    decoding((input, { from: _place, ...options }) => correct.decode!(input, options)),
  ),
  mutant(
    'F13',
    'leaves the last split out',
    /the splits have \d+ rows together, and the file 100/,
    opened(({ splits }) => ({ splits: splits.slice(0, -1) })),
  ),
  mutant(
    'F13',
    'reads on behind a split',
    /a split of \d+ rows gives \d+/,
    opened(({ read }) => ({ read: (split, options) => read({ ...split, rows: split.rows + 1 }, options) })),
  ),
  mutant(
    'F14',
    'does not keep to the bounds of an opened file',
    /a batch has \d+ rows, and the bound is 9/,
    opened(({ read }) => ({
      read: (split, options) => read(split, { ...options, batch: { rows: 1000, bytes: 2 ** 30 } }),
    })),
  ),
  mutant('F15', 'takes a cut file with a footer for an empty one', /is read as if it were whole/, (format) => {
    const { open } = openedFormat(format);
    return {
      ...openedFormat(format),
      async open(file, options) {
        try {
          return await open!(file, options);
        } catch (error) {
          if (!(SluiceError.is(error) && error.code === 'FILE_CORRUPT')) throw error;
          return { schema: new Schema([]), rows: 0, splits: [], read: async function* () {} };
        }
      },
    };
  }),
  mutant('F16', 'gives columns in the order of the file', /are asked for, and .* come/, (format) => {
    const { open } = openedFormat(format);
    return { ...openedFormat(format), open: (file, { signal }) => open!(file, { signal }) };
  }),
  mutant(
    'F17',
    'does not look at the signal while it reads a split',
    /although its signal is aborted/,
    opened(({ read }) => ({
      read: (split, options) => read(split, { ...options, signal: new AbortController().signal }),
    })),
  ),
];
