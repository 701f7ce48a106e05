import { ConnectionCut } from '../http/connection-cut.ts';
import { unlessClosed } from './body-faults.ts';
import type { FaultAction } from './fault-action.ts';

export interface CutOptions {
  /** With a TCP reset instead of an orderly end. */
  readonly reset?: boolean;
}

/** The connection is cut before the org sees the request: it has no effect. */
export function dropBeforeHeaders(options: CutOptions = {}): FaultAction {
  return {
    before: () => {
      throw new ConnectionCut(options);
    },
  };
}

/** The request has its effect, and the connection is cut in the place of an answer. */
export function loseReply(options: CutOptions = {}): FaultAction {
  return {
    after: () => {
      throw new ConnectionCut(options);
    },
  };
}

/** The request has its effect; the answer waits for `until`, for ever without it. */
export function withholdReply({ until }: { readonly until?: Promise<unknown> } = {}): FaultAction {
  return {
    after: async (reply, { closed }) => {
      await unlessClosed(until, closed);
      return reply;
    },
  };
}
