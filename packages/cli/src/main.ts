#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';

// A reader such as `head` may have what it wanted: nobody is left to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
