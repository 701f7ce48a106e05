import { randomUUID } from 'node:crypto';

import { type Clock, type Logger, systemClock } from '@sluice/core';

import type { DataOptions } from '../copy/data-options.ts';
import type { Factory } from '../definition/factory.ts';
import type { ExpressionObject } from '../expression/expression-value.ts';
import type { Following } from '../resolve/linked-service.ts';
import { Redaction } from '../run/redaction.ts';
import { VaultCache } from '../secrets/vault-cache.ts';
import type { VaultProvider } from '../secrets/vault-provider.ts';

/** What looking at a factory's data takes, outside of a pipeline. */
export interface InspectOptions extends Partial<Omit<DataOptions, 'vaults'>> {
  /** Values of the parameters of the dataset or the linked service. */
  readonly parameters?: ExpressionObject;
  /** Where secrets of vaults come from. Default: nowhere. */
  readonly vaults?: VaultProvider;
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** The same, with what was left out. */
export interface Inspection {
  readonly following: Following;
  readonly data: DataOptions;
  readonly redaction: Redaction;
  readonly strict: boolean;
  readonly run: { readonly signal: AbortSignal; readonly clock: Clock; readonly log?: Logger };
}

export function inspection(factory: Factory, options: InspectOptions): Inspection {
  const {
    factoryFolder = process.cwd(),
    defaultApiVersion,
    decimals,
    binaryFields,
    timestamps,
    strict = false,
    log,
  } = options;
  const { clock = systemClock, signal = new AbortController().signal } = options;
  const redaction = new Redaction();
  const vaults = new VaultCache(options.vaults);
  const engine = { clock, random: Math.random, newId: randomUUID, redaction };
  return {
    following: { factory, engine, vaults, signal },
    data: {
      vaults,
      factoryFolder,
      ...(defaultApiVersion === undefined ? {} : { defaultApiVersion }),
      ...(decimals === undefined ? {} : { decimals }),
      ...(timestamps === undefined ? {} : { timestamps }),
      ...(binaryFields === undefined ? {} : { binaryFields }),
    },
    redaction,
    strict,
    run: { signal, clock, ...(log === undefined ? {} : { log }) },
  };
}
