import { type Format, SluiceError } from '@sluice/core';
import { json } from '@sluice/formats/json';
import type * as z from 'zod';

import { findEncoding } from '../../check/encoding.ts';
import type { TabularTranslator } from '../../definition/copy/translator.ts';
import type { jsonDataset } from '../../definition/dataset/file-datasets.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { type DocumentColumn, documentColumns } from '../mapping/document-columns.ts';
import { compressedAs } from './file-compression.ts';

type JsonProperties = Resolved<z.output<typeof jsonDataset>>['typeProperties'];

export interface JsonReading {
  /** Which values of a document become columns, and which array rows; without mappings, its members. */
  readonly translator: Resolved<TabularTranslator> | undefined;
  /** Columns of the source that added ones are copies of. */
  readonly copied: readonly string[];
  /** Whether values stay JSON, for a sink that takes it. */
  readonly asDocuments: boolean;
}

/** How the files of a dataset are read. @throws `CONFIG_INVALID`, `CONNECTOR_MISSING`. */
export function jsonReader(properties: JsonProperties, { translator, copied, asDocuments }: JsonReading): Format {
  const mapped = documentColumns(translator, 'source');
  const rows = translator?.collectionReference;
  if (rows !== undefined && mapped === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'translator.collectionReference needs mappings', {
      hint: 'Map what is to be taken of each element, and of the document around it.',
    });
  }
  const all = mapped === undefined ? undefined : [...mapped, ...copied.map((name) => ({ name, path: undefined }))];
  const columns = all === undefined ? undefined : pathsOf(all);
  const format = json({
    values: asDocuments ? 'json' : 'text',
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows: rows.replace(/\[\*\]$/, '') }),
    ...encodingOf(properties),
  });
  return compressedAs(format, properties.compression?.type, properties.compression?.level);
}

/** How they are written. @throws `CONFIG_INVALID`, `CONNECTOR_MISSING`. */
export function jsonWriter(
  properties: JsonProperties,
  filePattern: 'setOfObjects' | 'arrayOfObjects',
  translator: Resolved<TabularTranslator> | undefined,
): Format {
  const { encoding = 'utf-8' } = encodingOf(properties);
  if (encoding !== 'utf-8') {
    throw new SluiceError('CONNECTOR_MISSING', `there is no connector for JSON files in ${encoding} here`, {
      hint: 'Set encodingName to UTF-8.',
    });
  }
  const withPaths = documentColumns(translator, 'sink')?.filter(({ path }) => path !== undefined) ?? [];
  const format = json({
    layout: filePattern === 'arrayOfObjects' ? 'array' : 'lines',
    ...(withPaths.length === 0 ? {} : { columns: pathsOf(withPaths) }),
  });
  return compressedAs(format, properties.compression?.type, properties.compression?.level);
}

/** A column without a path is the member of its name. */
function pathsOf(columns: readonly DocumentColumn[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    columns.map(({ name, path }) => [name, path ?? `$['${name.replaceAll(/['\\]/g, String.raw`\$&`)}']`]),
  );
}

function encodingOf({ encodingName }: JsonProperties): { readonly encoding?: string } {
  if (encodingName === undefined) return {};
  const encoding = findEncoding(encodingName);
  if (encoding !== undefined) return { encoding };
  throw new SluiceError('CONFIG_INVALID', `encodingName: ${JSON.stringify(encodingName)} is no encoding that is known`);
}
