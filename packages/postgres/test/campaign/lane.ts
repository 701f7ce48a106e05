import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';

import { startPostgres } from '../../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from '../admin-session.ts';
import { cuttingProxy } from '../cutting-proxy.ts';
import type { CopyEnd, CopyOrder } from './copy-process.ts';
import { Victims } from './victims.ts';

/** What befalls a copy at some chunk of bytes between client and server. */
export interface Fault {
  readonly kind: 'client killed' | 'server killed' | 'first server process killed' | 'connection cut' | 'all cut';
  /** Which chunk, in thousandths of those that an undisturbed copy takes. */
  readonly atThousandth: number;
  /** Whether the chunk reaches its other end. */
  readonly passes: boolean;
}

export const someFault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom<Fault['kind'][]>(
    'client killed',
    'client killed',
    'server killed',
    'first server process killed',
    'connection cut',
    'all cut',
  ),
  atThousandth: fc.nat(999),
  passes: fc.boolean(),
});

/** A server with a proxy before it and processes to be killed: one copy at a time. */
export interface Lane extends AsyncDisposable {
  /** Of the proxy. */
  readonly port: number;
  /** Around the proxy; another one after the server was killed. */
  admin(): Promise<AdminSession>;
  /** A folder for a journal. */
  folder(): Promise<{ readonly path: string } & AsyncDisposable>;
  /** How the copy ended, and whether the fault befell it; undefined when its process was killed. */
  run(order: CopyOrder, disturbance?: Disturbance): Promise<LaneEnd>;
}

export interface Disturbance {
  readonly fault: Fault;
  readonly chunks: number;
  /** Done at the moment of the fault, besides. */
  readonly also?: () => Promise<void>;
}

export interface LaneEnd {
  readonly end: CopyEnd | undefined;
  readonly befell: boolean;
}

export async function openLane(): Promise<Lane> {
  const server = await startPostgres();
  const proxy = await cuttingProxy(server.options.port);
  const victims = new Victims();
  let session: AdminSession | undefined;
  const restarted = async (what: 'all' | 'main'): Promise<void> => {
    await server.kill(what);
    await server.restart();
    session = undefined;
  };
  const strike = (kind: Fault['kind'], cut: () => void): Promise<void> | undefined => {
    if (kind === 'server killed') return restarted('all');
    if (kind === 'first server process killed') return restarted('main');
    if (kind === 'client killed') victims.kill();
    else if (kind === 'connection cut') cut();
    else proxy.cutAll();
    return undefined;
  };
  return {
    port: proxy.port,
    admin: async () => (session ??= await openAdmin(server)),
    async folder() {
      const path = await mkdtemp(join(tmpdir(), 'sluice-postgres-runs-'));
      return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }) };
    },
    async run(order, disturbance) {
      let [befell, done]: [boolean, Promise<unknown>] = [false, Promise.resolve()];
      if (disturbance !== undefined) {
        const { fault, chunks, also } = disturbance;
        proxy.atChunk(1 + Math.floor((fault.atThousandth * chunks) / 1000), {
          passes: fault.passes,
          act(cut) {
            befell = true;
            done =
              also === undefined
                ? Promise.resolve(strike(fault.kind, cut))
                : also().then(() => strike(fault.kind, cut));
          },
        });
      }
      const end = await victims.run(order);
      proxy.atChunk(0, undefined);
      await done;
      return { end, befell };
    },
    async [Symbol.asyncDispose]() {
      victims[Symbol.dispose]();
      await session?.[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
