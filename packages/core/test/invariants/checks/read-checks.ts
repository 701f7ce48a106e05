import { memorySource } from '../../engine/memory-source.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { ensure, type InvariantCheck } from '../invariant-check.ts';

export const readEnds: InvariantCheck = {
  id: 'E10-read',
  title: 'Whoever stops reading early has everything ended: reads, what was started, and the source itself.',
  async run(engine) {
    const source = memorySource({ splits: splitsOf(20, 20) });
    for await (const batch of engine.read(source)) if (batch.numRows > 0) break;
    ensure(source.openReads === 0, `${source.openReads} reads go on when nobody reads any more`);
    const ends = source.steps.filter((step) => /^(finish|dispose)/.test(step));
    ensure(
      ends.join() === 'finish abandoned,dispose',
      `reading that is broken off ends with ${ends.join(', ') || 'nothing'}`,
    );
  },
};
