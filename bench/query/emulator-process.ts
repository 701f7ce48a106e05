import { startBenchEmulator } from '@sluice/salesforce-emulator';

// The org of the query suite, in a process of its own; says when it is ready, and ends with its parent.
const rows = Number(process.argv[2]);
// One page for all rows, since one of the peers crashes on a second.
await using emulator = await startBenchEmulator({ rows, results: { pageRows: rows } });
const { url, clientId, clientSecret, soql, csvBytes } = emulator;
process.stdout.write(`${JSON.stringify({ url, clientId, clientSecret, soql, csvBytes })}\n`);
const { promise: closed, resolve } = Promise.withResolvers<void>();
process.stdin.on('close', resolve).resume();
await closed;
