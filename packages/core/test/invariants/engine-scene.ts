import type { JournalEntry } from '../../src/contract/journal.ts';
import type { CopyOptions, Run } from '../../src/engine/copy.ts';
import type { Receipt } from '../../src/engine/receipt.ts';
import { type JournalTexts, crashJournal } from '../engine/crash.ts';
import type { MemorySinkOptions } from '../engine/memory-sink.ts';
import type { MemorySourceOptions } from '../engine/memory-source.ts';
import { type Scene, scene } from '../engine/scene.ts';
import type { Engine } from './engine.ts';

/** Both ends of a copy by the engine under test, and a journal that lasts. */
export interface EngineScene extends Pick<Scene, 'source' | 'sink' | 'disk' | 'clock'> {
  readonly texts: JournalTexts;
  /** Of a run; without an id, of the one that has none of its own. */
  entries(id?: string): readonly JournalEntry[];
  start(options?: Partial<CopyOptions>): Run;
  /** Copies, letting time pass as it must. */
  copy(options?: Partial<CopyOptions>): Promise<Receipt>;
}

export function engineScene(
  engine: Engine,
  from: Partial<MemorySourceOptions> = {},
  to: Partial<MemorySinkOptions> = {},
  defaults: Partial<CopyOptions> = {},
): EngineScene {
  const { source, sink, disk, clock } = scene(from, to);
  const texts: JournalTexts = new Map();
  const start = (options: Partial<CopyOptions> = {}): Run =>
    engine.copy({
      from: source,
      to: sink,
      clock,
      random: () => 0.5,
      id: 'run',
      journal: crashJournal(texts),
      ...defaults,
      ...options,
    });
  return {
    source,
    sink,
    disk,
    clock,
    texts,
    // Written by the journal.
    entries: (id = 'run') => (texts.get(id) ?? []).map((text) => JSON.parse(text) as JournalEntry),
    start,
    copy: (options) => clock.settle(start(options)),
  };
}
