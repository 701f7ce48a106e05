// The kernel of the CSV decoder, in AssemblyScript: what it exports is declared in src/csv/kernel/kernel-exports.ts.
export { readBools } from './bools';
export { readDates, readTimes, readTimestamps } from './instants';
export { readDecimals, readDoubles, readIntegers } from './numbers';
export { scan } from './scan';
export { readText } from './text';
