import type { FaultAction } from './fault-action.ts';
import type { RequestKind } from './request-kind.ts';

/** A whole number from 1 to `most`: where in a body, which of several shapes. Drawn by whoever places the fault. */
export type Draw = (most: number) => number;

export interface CataloguedFault {
  readonly id: string;
  /** The requests it can fall on. */
  readonly on: readonly RequestKind[];
  /**
   * Those of them where a correct client ends with exact data all the same: every row read, or every row in the org, once.
   * Where it falls on another, it ends with those or with one clear error.
   */
  readonly survivableOn: readonly RequestKind[];
  /** The connection stays open, and nothing comes: the client waits for as long as it is told to. */
  readonly stalls?: true;
  /** The job never ends: as long as it is told to, too. */
  readonly hangs?: true;
  /** Twice in a row it tells a client to give up: a new session would not help. */
  readonly isFatalTwice?: true;
  /** Rows may come in another order than without it, where no order was asked for. */
  readonly reorders?: true;
  action(draw: Draw): FaultAction;
}

/** @param isSurvivable On every request, on none, or on some. */
export function fault(
  id: string,
  on: readonly RequestKind[],
  isSurvivable: boolean | readonly RequestKind[],
  action: CataloguedFault['action'],
): CataloguedFault {
  const survivableOn = typeof isSurvivable === 'boolean' ? (isSurvivable ? on : []) : isSurvivable;
  return { id, on, survivableOn, action };
}
