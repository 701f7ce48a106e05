import type { Capability } from '../harness/capability.ts';
import type { FormatHarness } from '../harness/format-harness.ts';
import type { SinkHarness } from '../harness/sink-harness.ts';
import type { SourceHarness } from '../harness/source-harness.ts';
import type { StoreHarness } from '../harness/store-harness.ts';
import type { CheckTools } from './check-tools.ts';

/** Which kind of plugin a check is for; `plugin` is every kind that has a life cycle: sources, sinks, stores. */
export type Side = 'plugin' | 'source' | 'sink' | 'format' | 'store';

/** `must`: a plugin with an exception to it does not conform. `should`: it may have one, with a reason. */
export type Level = 'must' | 'should';

export type Harness = SourceHarness | SinkHarness | FormatHarness | StoreHarness;

interface CheckOf<S extends Side, H> {
  /** Such as `S10`; a second check of the same rule is `S18-truncated`. */
  readonly id: string;
  readonly side: S;
  readonly level: Level;
  /** What has to hold, as a sentence about the plugin. */
  readonly title: string;
  /** What goes wrong where it does not hold. */
  readonly reason: string;
  /** A plugin or harness without one of these is not asked. */
  readonly needs: readonly Capability[];
  /** Left out unless asked for: it takes long. */
  readonly isLong?: true;
  run(harness: H, tools: CheckTools): Promise<void>;
}

export type PluginCheck = CheckOf<'plugin', SourceHarness | SinkHarness | StoreHarness>;
export type SourceCheck = CheckOf<'source', SourceHarness>;
export type SinkCheck = CheckOf<'sink', SinkHarness>;
export type FormatCheck = CheckOf<'format', FormatHarness>;
export type StoreCheck = CheckOf<'store', StoreHarness>;

/** A check is data; whatever runs it gives it a harness of its side, and tools of its own. */
export type Check = PluginCheck | SourceCheck | SinkCheck | FormatCheck | StoreCheck;
