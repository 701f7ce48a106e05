import { fail } from '../check/check-failure.ts';
import type { Harness } from '../check/check.ts';
import { type ColumnKind, kindOf } from '../data/column-kind.ts';
import { testTable } from '../data/test-table.ts';
import type { Capability } from './capability.ts';
import type { Faults } from './fault-kind.ts';
import type { FormatHarness } from './format-harness.ts';
import type { SinkHarness } from './sink-harness.ts';
import type { SourceHarness } from './source-harness.ts';
import type { StoreHarness } from './store-harness.ts';

/**
 * What a plugin declares and its harness can do, by looking at one of each.
 *
 * @throws {CheckFailure} naming the plugin, when its harness cannot make one to look at.
 */
export async function probeCapabilities(harness: Harness): Promise<ReadonlySet<Capability>> {
  try {
    return await capabilitiesOf(harness);
  } catch (error) {
    return fail(`${harness.name}: its harness makes nothing to look at`, error);
  }
}

async function capabilitiesOf(harness: Harness): Promise<ReadonlySet<Capability>> {
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

/** What is declared may be missing where a plugin was not compiled: check B1 says so. */
function declaredBy<T extends object>({ traits }: { readonly traits?: T }): Partial<T> {
  return traits ?? {};
}

/** Gives back what was looked at. What fails then is for check B7 to say, under its name. */
function looking(): AsyncDisposable & { at<T extends AsyncDisposable>(resource: T): T } {
  const resources: AsyncDisposable[] = [];
  return {
    at(resource) {
      resources.push(resource);
      return resource;
    },
    async [Symbol.asyncDispose]() {
      for (const resource of resources.toReversed()) {
        await (async () => await resource[Symbol.asyncDispose]())().catch(() => {});
      }
    },
  };
}

async function probeSource(harness: SourceHarness, add: Add): Promise<void> {
  const { columns, identity } = harness;
  await using looked = looking();
  const fixture = looked.at(await harness.fixture(testTable({ columns, identity, rows: 1 })));
  const { positions, ordered } = declaredBy(looked.at(fixture.source()));
  add('positions', positions === true);
  add('ordered', ordered === true);
  add('anySchema', harness.anySchema === true);
  add('variants', Object.keys(fixture.variants ?? {}).length > 0);
  addObserved(fixture, add);
}

async function probeSink(harness: SinkHarness, add: Add): Promise<void> {
  await using looked = looking();
  const target = looked.at(await harness.target());
  const { guarantee, commit, writers = 0, keepsRows } = declaredBy(looked.at(target.sink()));
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
  await using looked = looking();
  const place = looked.at(await harness.place());
  addObserved(place, add);
}

function probeFormat(harness: FormatHarness, add: Add): void {
  add('refusedFields', (harness.refusedFields ?? []).length > 0);
  add('decode', harness.format().decode !== undefined);
  add('open', harness.format().open !== undefined);
}
