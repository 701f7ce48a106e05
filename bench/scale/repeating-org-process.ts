import { startBenchEmulator } from '@sluice/salesforce-emulator';

import { startRepeatingOrg } from './repeating-org.ts';

// An org of many rows, in a process of its own; says when it is ready, and ends with its parent.
const [pageRows, pages] = process.argv.slice(2).map(Number) as [number, number];
await using emulator = await startBenchEmulator({ rows: pageRows, results: { pageRows } });
await using org = await startRepeatingOrg({ url: emulator.url, pages });
const { clientId, clientSecret, soql, csvBytes } = emulator;
process.stdout.write(`${JSON.stringify({ url: org.url, clientId, clientSecret, soql, csvBytes: csvBytes * pages })}\n`);
const { promise: closed, resolve } = Promise.withResolvers<void>();
process.stdin.on('close', resolve).resume();
await closed;
