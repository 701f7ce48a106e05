export type {
  Check,
  FormatCheck,
  Harness,
  Level,
  PluginCheck,
  Side,
  SinkCheck,
  SourceCheck,
  StoreCheck,
} from './check/check.ts';
export { CHECKS } from './check/checks.ts';
export type { CheckTools, EngineRun } from './check/check-tools.ts';
export { LEFT_OUT } from './check/left-out.ts';
export { checksFor, runCheck, runChecks, type RunChecksOptions } from './check/run-checks.ts';
export { batchOf } from './data/column-data.ts';
export { EVERY_TYPE, fieldsOf, FLAT_TYPES, NESTED_TYPES, RARE_TYPES, UNION_TYPES } from './data/every-type.ts';
export { decimalTextOf } from './data/decimal-words.ts';
export { rowsOf } from './data/row-cells.ts';
export { type TestColumn, testTable, type TestTable } from './data/test-table.ts';
export { dateText, instantText, timeText } from './data/time-units.ts';
export { valuesOf } from './data/values/type-values.ts';
export type { Capability } from './harness/capability.ts';
export type { Exceptions } from './harness/exceptions.ts';
export type { ArmedFault, Fault, FaultKind, Faults } from './harness/fault-kind.ts';
export type { FormatHarness } from './harness/format-harness.ts';
export type { BadOption, PluginHarness } from './harness/plugin-harness.ts';
export { probeCapabilities } from './harness/probe-capabilities.ts';
export type { SinkHarness, SinkTarget } from './harness/sink-harness.ts';
export type { SourceFixture, SourceHarness } from './harness/source-harness.ts';
export type { StoreHarness, StorePlace } from './harness/store-harness.ts';
export { type MemorySink, memorySink, type MemorySinkOptions, MemoryTarget } from './memory/memory-sink.ts';
export { type MemorySource, memorySource, type MemorySourceOptions, MemoryTable } from './memory/memory-source.ts';
export { type CheckResult, conforms, countOutcomes, isPassed, type Outcome, type Report } from './report/report.ts';
export { reportJunit } from './report/report-junit.ts';
export { reportMarkdown } from './report/report-markdown.ts';
export { reportText } from './report/report-text.ts';
export { type ArmedFileFault, armFileFault, faultyFiles, type FileFault } from './tools/faulty-files.ts';
export { type Death, type KilledJournal, killedJournal } from './tools/killed-journal.ts';
export type { ContextOptions, TestContext } from './tools/test-context.ts';
export { VirtualClock } from './tools/virtual-clock.ts';
