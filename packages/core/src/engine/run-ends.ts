import type { SideName } from '../contract/journal.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Mapping } from '../contract/mapping.ts';
import type { Intent } from '../contract/sink.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { fingerprint } from '../fingerprint/fingerprint.ts';
import { CONTRACT_VERSION } from '../plugin/contract-version.ts';
import type { RunLog } from './run-log.ts';
import type { WatchedSink, WatchedSource } from './watched-plugin.ts';

export interface Ends {
  readonly source: WatchedSource;
  readonly sink: WatchedSink;
  readonly mapping: Mapping | undefined;
  readonly intent: Intent;
  readonly sides: Readonly<Partial<Record<SideName, SideEnd>>>;
}

/** A sink beside the sink, as it is to be opened. */
export interface SideEnd {
  readonly sink: WatchedSink;
  readonly intent: Intent;
}

/** Recognises what a run is asked to do, secrets left out. */
export function runFingerprint({ source, sink, mapping, intent, sides }: Ends): string {
  return fingerprint({
    contractVersion: CONTRACT_VERSION,
    source: { name: source.name, config: source.config },
    sink: { name: sink.name, config: sink.config },
    mapping: mapping?.config ?? null,
    intent: { ...intent },
    ...Object.fromEntries(sideEnds({ sides }).map(([name, side]) => [name, sideConfig(side)])),
  });
}

function sideConfig({ sink, intent }: SideEnd): JsonObject {
  return { name: sink.name, config: sink.config, intent: { ...intent } };
}

export function sideEnds({ sides }: Pick<Ends, 'sides'>): readonly (readonly [SideName, SideEnd])[] {
  return (['rejected', 'written'] as const).flatMap((name) => {
    const side = sides[name];
    return side === undefined ? [] : [[name, side] as const];
  });
}

/** Everything that is disposed of when a run has settled. */
export function pluginsIn(ends: Ends): readonly (WatchedSource | WatchedSink)[] {
  return [ends.source, ends.sink, ...sideEnds(ends).map(([, { sink }]) => sink)];
}

/** @throws `POSITION_UNSUPPORTED` for a run that was planned under another version of the contract; `RUN_MISMATCH`. */
export function requireSameRun(id: string, log: RunLog): void {
  const version = log.state.planned?.contractVersion ?? CONTRACT_VERSION;
  if (version !== CONTRACT_VERSION) {
    throw new SluiceError(
      'POSITION_UNSUPPORTED',
      `run ${JSON.stringify(id)} was planned under version ${version} of the contract, and this program has version ${CONTRACT_VERSION}`,
      { hint: 'Go on with the version of the program that started the run, or abandon it there.' },
    );
  }
  if (!log.isOfAnother) return;
  throw new SluiceError('RUN_MISMATCH', `run ${JSON.stringify(id)} was started with another configuration`, {
    hint: 'Give the configuration it was started with, or another id.',
  });
}
