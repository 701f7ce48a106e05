import { SluiceError } from '@sluice/core';

import type { SalesforceSink } from '../../definition/copy/copy-sink.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import type { OpenDataset } from '../../resolve/dataset.ts';
import type { RunEngine } from '../../run/run-engine.ts';
import { timeSpanMs } from '../../run/time-span.ts';
import type { DataOptions } from '../data-options.ts';
import type { OpenedSink } from '../opened-sink.ts';
import { openOrg } from './open-org.ts';

/** Jobs of small loads are over soon. */
const POLL = { firstMs: 500, startMs: 1_000 } as const;

export interface IngestDataset {
  readonly dataset: OpenDataset;
  readonly object: string | undefined;
}

/**
 * An object of an org, written as Data Factory writes it: "Salesforce as a sink type", read 2026-11. Rows with one key are
 * left to the org.
 *
 * @throws `CONFIG_INVALID` for a dataset without an object, and for an upsert without an external id.
 */
export async function openIngest(
  sink: Resolved<SalesforceSink>,
  { dataset, object }: IngestDataset,
  { redaction, strict }: Pick<RunEngine, 'redaction' | 'strict'>,
  { defaultApiVersion }: DataOptions,
): Promise<OpenedSink> {
  const { writeBatchSize, ignoreNullValues, maxConcurrentConnections: maxConnections, writeBatchTimeout } = sink;
  if (object === undefined || object.trim() === '') {
    throw new SluiceError(
      'CONFIG_INVALID',
      `dataset ${dataset.name} has no objectApiName, so there is nothing to write to`,
      {
        hint: 'Give it an objectApiName; a report cannot be written.',
      },
    );
  }
  const operation = operationOf(sink, strict);
  const org = await openOrg(dataset.linkedService, { redaction, defaultApiVersion, connections: maxConnections });
  return {
    sink: org.ingest({
      object,
      ...operation,
      writeBatchSize,
      ignoreNullValues,
      duplicateKeys: 'send',
      poll: POLL,
      ...(maxConnections === undefined ? {} : { maxConcurrentConnections: maxConnections }),
      ...(writeBatchTimeout === undefined
        ? {}
        : { jobTimeoutMs: timeSpanMs(writeBatchTimeout, 'sink.writeBatchTimeout') }),
    }),
    intent: { mode: 'append' },
    maxConnections,
    [Symbol.asyncDispose]: async () => await org[Symbol.asyncDispose](),
  };
}

type Operation = { readonly operation: 'insert' } | { readonly operation: 'upsert'; readonly externalId: string };

function operationOf({ writeBehavior, externalIdFieldName }: Resolved<SalesforceSink>, strict: boolean): Operation {
  if (writeBehavior.toLowerCase() === 'insert') return { operation: 'insert' };
  if (externalIdFieldName !== undefined && externalIdFieldName.trim() !== '') {
    return { operation: 'upsert', externalId: externalIdFieldName };
  }
  if (!strict) return { operation: 'upsert', externalId: 'Id' };
  throw new SluiceError('CONFIG_INVALID', 'an upsert needs externalIdFieldName', {
    hint: 'Name the external id field of the object, or Id.',
  });
}
