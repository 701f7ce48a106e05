import type { Harness } from '../check/check.ts';
import { type ColumnKind, kindOf } from '../data/column-kind.ts';
import { testTable } from '../data/test-table.ts';
import type { Capability } from './capability.ts';
import type { Faults } from './fault-kind.ts';
import type { FormatHarness } from './format-harness.ts';
import type { SinkHarness } from './sink-harness.ts';
import type { SourceHarness } from './source-harness.ts';
import type { StoreHarness } from './store-harness.ts';

/** What a plugin declares and its harness can do, by looking at one of each. */
export async function probeCapabilities(harness: Harness): Promise<ReadonlySet<Capability>> {
  const found = new Set<Capability>();
  const add = (capability: Capability, holds: boolean): void => {
    if (holds) found.add(capability);
  };
  if (harness.kind !== 'store') {
    for (const { field } of harness.columns) {
      if (field.name !== harness.identity) addKind(kindOf(field.type), add);
    }
  }
  add('badOptions', (harness.badOptions ?? []).length > 0);
  if (harness.kind !== 'format') add('secrets', (harness.secrets ?? []).length > 0);
  if (harness.kind === 'source') await probeSource(harness, add);
  else if (harness.kind === 'sink') await probeSink(harness, add);
  else if (harness.kind === 'store') await probeStore(harness, add);
  else probeFormat(harness, add);
  return found;
}

type Add = (capability: Capability, holds: boolean) => void;

interface Observed {
  readonly requests?: unknown;
  readonly peakRequests?: unknown;
  readonly leftovers?: unknown;
  readonly faults?: Faults;
}

function addObserved(observed: Observed, add: Add): void {
  add('requests', observed.requests !== undefined);
  add('peakRequests', observed.peakRequests !== undefined);
  add('leftovers', observed.leftovers !== undefined);
  // Whoever arms a fault names it by its key.
  for (const kind of Object.keys(observed.faults ?? {}) as (keyof Faults)[]) add(`fault:${kind}`, true);
}

function addKind(kind: ColumnKind, add: Add): void {
  if (kind !== 'other') add(`${kind}Columns`, true);
}

async function probeSource(harness: SourceHarness, add: Add): Promise<void> {
  const { columns, identity } = harness;
  await using fixture = await harness.fixture(testTable({ columns, identity, rows: 1 }));
  await using source = fixture.source();
  const { positions, ordered } = source.traits;
  add('positions', positions);
  add('ordered', ordered);
  add('anySchema', harness.anySchema === true);
  add('variants', Object.keys(fixture.variants ?? {}).length > 0);
  addObserved(fixture, add);
}

async function probeSink(harness: SinkHarness, add: Add): Promise<void> {
  await using target = await harness.target();
  await using sink = target.sink();
  const { guarantee, commit, writers, keepsRows } = sink.traits;
  add('atomic', guarantee === 'atomic');
  add('stream', writers === 1);
  add('parallelWriters', writers > 1);
  add('commitAtEnd', commit === 'end');
  add('keepsRows', keepsRows === true);
  add('keepsOrder', harness.keepsOrder === true);
  add('anySchema', harness.anySchema === true);
  add('refusedFields', (harness.refusedFields ?? []).length > 0);
  add('content', target.content !== undefined);
  add('columnNames', target.columnNames !== undefined);
  add('stall', target.stall !== undefined);
  add('badRows', target.badRow !== undefined);
  for (const mode of harness.modes) add(`mode:${mode}`, true);
  addObserved(target, add);
}

async function probeStore(harness: StoreHarness, add: Add): Promise<void> {
  await using place = await harness.place();
  addObserved(place, add);
}

function probeFormat(harness: FormatHarness, add: Add): void {
  add('refusedFields', (harness.refusedFields ?? []).length > 0);
  add('decode', harness.format().decode !== undefined);
  add('open', harness.format().open !== undefined);
}
