import type { Context, Secret } from '@sluice/core';

/** A token in use. Sessions of one keeper are numbered; a later number replaces an earlier one. */
export interface Session {
  readonly number: number;
  readonly token: Secret;
  /** Origin of the org's API. */
  readonly instanceUrl: string;
  readonly orgId: string | undefined;
  readonly userId: string | undefined;
}

export interface SessionKeeper {
  /** The session in use; logs in when there is none. */
  current(login: Login, ctx: Context): Promise<Session>;
  /** A session later than the refused one: the one that replaced it already, or a new one. */
  replace(refused: Session, login: Login, ctx: Context): Promise<Session>;
  /** The latest session, without waiting. */
  latest(): Session | undefined;
  /** The org took the session for valid at least once. */
  markAccepted(session: Session): void;
  wasAccepted(session: Session): boolean;
}

export type Login = (number: number, ctx: Context) => Promise<Session>;

interface Flight {
  readonly owner: AbortSignal;
  readonly session: Promise<Session>;
}

/**
 * Keeps one session for all requests of one org and client: however many requests want a new one, one login is under
 * way. A login belongs to the caller who started it; when that caller aborts, the next one waiting starts another.
 */
export function createSessionKeeper(): SessionKeeper {
  let latest: Session | undefined;
  let accepted = 0;
  let flight: Flight | undefined;

  function takeOff(login: Login, ctx: Context): Flight {
    const number = (latest?.number ?? 0) + 1;
    const session = login(number, ctx)
      .then((session) => {
        latest = session;
        return session;
      })
      .finally(() => {
        flight = undefined;
      });
    return { owner: ctx.signal, session };
  }

  async function laterThan(number: number, login: Login, ctx: Context): Promise<Session> {
    for (;;) {
      ctx.signal.throwIfAborted();
      if (latest !== undefined && latest.number > number) return latest;
      flight ??= takeOff(login, ctx);
      const { owner, session } = flight;
      try {
        return await unlessAborted(session, ctx.signal);
      } catch (error) {
        if (owner === ctx.signal || !owner.aborted) throw error;
      }
    }
  }

  return {
    current: (login, ctx) => laterThan(0, login, ctx),
    replace: (refused, login, ctx) => laterThan(refused.number, login, ctx),
    latest: () => latest,
    markAccepted: ({ number }) => {
      accepted = Math.max(accepted, number);
    },
    wasAccepted: ({ number }) => number <= accepted,
  };
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
