import type { Receipt } from '@sluice/core';

import type { ExpressionObject } from '../expression/expression-value.ts';
import type { CopyMeter } from './copy-meter.ts';

export interface CopyFacts {
  readonly meter: CopyMeter;
  /** Types of the linked services. */
  readonly sourceType: string;
  readonly sinkType: string;
  readonly startMs: number;
  /** As given; reported and not used. */
  readonly dataIntegrationUnits: number | undefined;
  /** Whether counts are held against each other, which they are in any case. */
  readonly isVerified: boolean;
  readonly logFilePath?: string;
  /** Of a source of files. */
  readonly filesRead?: number;
}

const MS_PER_SECOND = 1000;
const BYTES_PER_KB = 1024;

/**
 * The output of a copy activity, under the names of Data Factory: "Monitor copy activity", read 2026-11. All figures are
 * measured. Bytes read are those of the batches in memory; `notes` and `valuesRounded` are ours.
 */
export function copyOutput(receipt: Receipt, facts: CopyFacts): ExpressionObject {
  const { meter, isVerified, dataIntegrationUnits, logFilePath, filesRead } = facts;
  const seconds = startedSeconds(receipt.endedMs - receipt.startedMs);
  const skipped = receipt.rejectedRows;
  const rounded = receipt.changes.reduce((sum, { values }) => sum + values, 0);
  return {
    dataRead: receipt.batchBytes,
    dataWritten: meter.bytesWritten,
    ...(filesRead === undefined ? {} : { filesRead }),
    ...(meter.filesWritten === undefined ? {} : { filesWritten: meter.filesWritten }),
    sourcePeakConnections: meter.source.peak,
    sinkPeakConnections: meter.sink.peak,
    rowsRead: receipt.readRows,
    rowsCopied: receipt.writtenRows,
    rowsSkipped: skipped,
    copyDuration: seconds,
    throughput: throughput(receipt.batchBytes, seconds),
    errors: [],
    ...(logFilePath === undefined ? {} : { logFilePath }),
    effectiveIntegrationRuntime: INTEGRATION_RUNTIME,
    ...(dataIntegrationUnits === undefined ? {} : { usedDataIntegrationUnits: dataIntegrationUnits }),
    usedParallelCopies: meter.parallelReads.peak,
    dataConsistencyVerification: {
      VerificationResult: isVerified ? 'Verified' : 'NotVerified',
      InconsistentData: isVerified && skipped > 0 ? 'Skipped' : 'None',
    },
    executionDetails: [executionDetail(seconds, facts)],
    durationInQueue: { integrationRuntimeQueue: 0 },
    ...(rounded === 0 ? {} : { valuesRounded: rounded }),
    ...(receipt.notes.length === 0 ? {} : { notes: receipt.notes.map(({ code, message }) => ({ code, message })) }),
  };
}

/** What a copy that failed has to tell. */
export function failedOutput(
  errorMessage: string,
  errorCode: string,
  { meter, ...facts }: CopyFacts,
): ExpressionObject {
  const seconds = startedSeconds(meter.elapsedMs);
  return {
    sourcePeakConnections: meter.source.peak,
    sinkPeakConnections: meter.sink.peak,
    copyDuration: seconds,
    errors: [{ Code: Number(errorCode), Message: errorMessage, EventType: 0, Category: 5, Data: {}, MsgId: null }],
    effectiveIntegrationRuntime: INTEGRATION_RUNTIME,
    usedParallelCopies: meter.parallelReads.peak,
    executionDetails: [{ ...executionDetail(seconds, { ...facts, meter }), status: 'Failed' }],
    durationInQueue: { integrationRuntimeQueue: 0 },
  };
}

export const INTEGRATION_RUNTIME = 'AutoResolveIntegrationRuntime (local)';

/** Seconds begun, so that none is divided by. */
function startedSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / MS_PER_SECOND));
}

/** KB/s to three digits. */
function throughput(bytes: number, seconds: number): number {
  return Math.round((bytes / BYTES_PER_KB / seconds) * 1000) / 1000;
}

function executionDetail(
  seconds: number,
  { meter, sourceType, sinkType, startMs, dataIntegrationUnits }: CopyFacts,
): ExpressionObject {
  const firstByte = wholeSeconds(meter.firstRowsMs ?? 0);
  return {
    source: { type: sourceType },
    sink: { type: sinkType },
    status: 'Succeeded',
    start: new Date(startMs).toISOString(),
    duration: seconds,
    ...(dataIntegrationUnits === undefined ? {} : { usedDataIntegrationUnits: dataIntegrationUnits }),
    usedParallelCopies: meter.parallelReads.peak,
    profile: {
      queue: { status: 'Completed', duration: 0 },
      transfer: {
        status: 'Completed',
        duration: seconds,
        details: {
          readingFromSource: {
            type: sourceType,
            workingDuration: wholeSeconds(meter.readMs),
            timeToFirstByte: firstByte,
          },
          writingToSink: { type: sinkType, workingDuration: wholeSeconds(meter.writeMs) },
        },
      },
    },
    detailedDurations: {
      queuingDuration: 0,
      timeToFirstByte: firstByte,
      transferDuration: Math.max(0, seconds - firstByte),
    },
  };
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / MS_PER_SECOND);
}
