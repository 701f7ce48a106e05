import { batchBytes } from '../../../src/arrow/batch-bytes.ts';
import type { JournalEntry } from '../../../src/contract/journal.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import type { Engine } from '../engine.ts';
import { ensure, type InvariantCheck } from '../invariant-check.ts';

type PreparedEntry = Extract<JournalEntry, { readonly kind: 'partPrepared' }>;

function preparedOf(entries: readonly JournalEntry[]): readonly PreparedEntry[] {
  return entries
    .flatMap((entry) => (entry.kind === 'partPrepared' ? [entry] : []))
    .toSorted((a, b) => a.part.split - b.part.split || a.part.part - b.part.part);
}

const rows = rowsOfSplit(0, 40);

export const partBounds: InvariantCheck = {
  id: 'E4-part',
  title: 'A part ends at the bound of the sink, within a batch if need be; a row that is larger has a part of its own.',
  async run(engine) {
    for (const part of [{ rows: 7 }, { bytes: 60 }]) {
      const { entries, copy } = engineScene(engine, { splits: [rows], deliveryRows: 16 }, { part });
      await copy();
      const parts = preparedOf(entries());
      const { rows: mostRows = Infinity, bytes: mostBytes = Infinity } = { rows: undefined, bytes: undefined, ...part };
      const over = parts.find(
        ({ readRows, batchBytes: bytes }) => readRows > mostRows || (bytes > mostBytes && readRows > 1),
      );
      ensure(
        over === undefined,
        `a part of ${over?.readRows} rows and ${over?.batchBytes} bytes goes to a sink that takes ${JSON.stringify(part)}`,
      );
      ensure(parts.length > 1, `all rows are one part, although the sink takes ${JSON.stringify(part)} in one`);
    }
  },
};

export const fullWriter: InvariantCheck = {
  id: 'E4-full',
  title: 'A part ends behind the batch its writer is full with.',
  async run(engine) {
    const { entries, copy } = engineScene(engine, { splits: [rows], deliveryRows: 4 }, { fullRows: 10 });
    await copy();
    const counts = preparedOf(entries()).map(({ readRows }) => readRows);
    ensure(counts.join() === '12,12,12,4', `a writer that is full at 10 rows is given parts of ${counts.join(', ')}`);
  },
};

export const batchesOwned: InvariantCheck = {
  id: 'E5',
  title: 'A batch that was handed on stays as it is while others follow.',
  async run(engine) {
    const { sink, copy } = engineScene(engine, { splits: [rows], deliveryRows: 5 }, { part: { rows: 8 }, writers: 1 });
    await copy();
    const ids = sink.batches.flatMap(rowsOfBatch).map(({ id }) => id);
    ensure(
      ids.join() === rows.map(({ id }) => id).join(),
      `when the run has ended, the batches that were written hold ${ids.join(' ')}`,
    );
  },
};

/** What the sink is given of a run: where parts begin and end, and every row of them. */
async function givenTo(
  engine: Engine,
  deliveryRows: number,
  flow: { parallelism: number; prefetch: number },
  id = 'run',
) {
  const opened: string[] = [];
  const { sink, entries, copy } = engineScene(
    engine,
    { splits: [rows, rowsOfSplit(1, 23)], deliveryRows },
    { part: { rows: 9, bytes: batchBytes(batchOfRows(rows), 0, 12) }, writers: 2 },
    { id },
  );
  const to = {
    ...sink,
    open(...args: Parameters<typeof sink.open>) {
      opened.push(JSON.stringify([args[0].fields.map(String), [...args[0].metadata], args[1]]));
      return sink.open(...args);
    },
  };
  await copy({ ...flow, to });
  const parts = preparedOf(entries(id)).map(({ part, readRows, digest, batchBytes: bytes, message }) => [
    part,
    readRows,
    digest,
    bytes,
    message,
  ]);
  return { opened: opened.join(), parts: JSON.stringify(parts) };
}

export const cutByContent: InvariantCheck = {
  id: 'E13',
  title: 'Parts are cut by rows and bytes, never by how rows came, or by how many were read at once.',
  async run(engine) {
    const usual = await givenTo(engine, 16, { parallelism: 1, prefetch: 0 });
    for (const deliveryRows of [1, 5, 64]) {
      const other = await givenTo(engine, deliveryRows, { parallelism: 4, prefetch: 2 });
      ensure(
        other.parts === usual.parts,
        `delivered ${deliveryRows} rows at a time instead of 16, the parts are others`,
      );
    }
  },
};

export const timeless: InvariantCheck = {
  id: 'E13-clock',
  title: 'What a sink is given holds no clock and no id of the run.',
  async run(engine) {
    const flow = { parallelism: 2, prefetch: 1 };
    const one = await givenTo(engine, 5, flow);
    const two = await givenTo(engine, 5, flow, 'another');
    ensure(one.opened === two.opened, `two runs of the same rows open their targets with ${one.opened}, ${two.opened}`);
    ensure(one.parts === two.parts, 'two runs of the same rows have other parts');
  },
};

export const inOrder: InvariantCheck = {
  id: 'E13-order',
  title: 'A single stream of parts gets splits in their order, and rows in the order of each split.',
  async run(engine) {
    const splits = [0, 1, 2, 3].map((split) => rowsOfSplit(split, 10 - split));
    const { sink, copy } = engineScene(engine, { splits, ordered: true }, { writers: 1, part: { rows: 3 } });
    await copy({ parallelism: 4 });
    const ids = sink.batches.flatMap(rowsOfBatch).map(({ id }) => id);
    ensure(
      ids.join() ===
        splits
          .flat()
          .map(({ id }) => id)
          .join(),
      `a single stream gets rows in the order ${ids.join(' ')}`,
    );
  },
};
