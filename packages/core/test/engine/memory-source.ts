import type { Context } from '../../src/contract/context.ts';
import type { Json } from '../../src/contract/json.ts';
import type { Change, Delivery, LeftBehind, Plan, Source, SourceReject } from '../../src/contract/source.ts';
import { batchOfRows, type TestRow, testSchema } from './row-batches.ts';

/** Called ahead of every step; may throw, wait, or look on. */
export type Step = (step: string, ctx: Context | undefined) => unknown;

export interface MemorySourceOptions {
  readonly splits: readonly (readonly TestRow[])[];
  /** Rows of a delivery, rejected ones among them: of the one that begins at `row`. Default 4. */
  readonly deliveryRows?: number | ((split: number, row: number) => number);
  /** Whether there are any, or behind which rows. Default: everywhere. */
  readonly positions?: boolean | ((row: number) => boolean);
  readonly ordered?: boolean;
  readonly connections?: number;
  /** The reason a row is rejected for while it is read. */
  readonly reject?: (row: TestRow) => string | undefined;
  /** Values of a row that were altered. */
  readonly changes?: (row: TestRow) => number;
  readonly plan?: Partial<Plan<Json>>;
  readonly config?: Json;
  readonly at?: Step;
  readonly leftBehind?: readonly LeftBehind[];
}

export interface MemorySource extends Source {
  /** Steps in order, such as `plan`, `split 0`, `read 0 from 8`, `deliver 0 at 8`, `end 0`, `finish committed`, `dispose`. */
  readonly steps: readonly string[];
  readonly deliveries: number;
  /** Reads under way. */
  readonly openReads: number;
}

/** Rows in memory, read as a connector would. */
export function memorySource(options: MemorySourceOptions): MemorySource {
  const { splits, positions = true, ordered = false, connections, at, config = null } = options;
  const hasPosition = typeof positions === 'function' ? positions : (): boolean => positions;
  const steps: string[] = [];
  let deliveries = 0;
  let openReads = 0;

  async function step(name: string, ctx?: Context): Promise<void> {
    steps.push(name);
    await at?.(name, ctx);
  }

  async function* read(ordinal: number, ctx: Context, from: number): AsyncGenerator<Delivery<Json>> {
    const rows = splits[ordinal] ?? [];
    openReads++;
    try {
      await step(`read ${ordinal} from ${from}`, ctx);
      for (let row = from; row < rows.length;) {
        const end = Math.min(rows.length, row + Math.max(1, deliveryRowsAt(options, ordinal, row)));
        deliveries++;
        await step(`deliver ${ordinal} at ${row}`, ctx);
        yield {
          ...deliveryOf(options, rows.slice(row, end)),
          ...(hasPosition(end) ? { position: { v: 1, row: end } } : {}),
        };
        row = end;
      }
    } finally {
      openReads--;
      await step(`end ${ordinal}`, ctx);
    }
  }

  return {
    steps,
    get deliveries() {
      return deliveries;
    },
    get openReads() {
      return openReads;
    },
    contractVersion: 1,
    name: 'numbers',
    config,
    traits: { ordered, positions: positions !== false, ...(connections === undefined ? {} : { connections }) },
    check: (ctx) => step('check', ctx),
    async plan(ctx) {
      await step('plan', ctx);
      return { state: { v: 1 }, schema: testSchema, estimate: {}, notes: [], ...options.plan };
    },
    async *splits(_plan, ctx, after) {
      await step(after === undefined ? 'splits' : `splits after ${splitIn(after)}`, ctx);
      for (let split = after === undefined ? 0 : splitIn(after) + 1; split < splits.length; split++) {
        await step(`split ${split}`, ctx);
        yield { v: 1, split };
      }
    },
    read: (_plan, split, ctx, from) => read(splitIn(split), ctx, from === undefined ? 0 : rowIn(from)),
    async finish(_plan, end, ctx) {
      await step(`finish ${end}`, ctx);
      return options.leftBehind ?? [];
    },
    [Symbol.asyncDispose]: () => step('dispose'),
  };
}

function deliveryRowsAt({ deliveryRows = 4 }: MemorySourceOptions, split: number, row: number): number {
  return typeof deliveryRows === 'number' ? deliveryRows : deliveryRows(split, row);
}

function deliveryOf({ reject, changes }: MemorySourceOptions, rows: readonly TestRow[]): Delivery<Json> {
  const rejects: SourceReject[] = [];
  const taken: TestRow[] = [];
  rows.forEach((row, i) => {
    const message = reject?.(row);
    if (message === undefined) taken.push(row);
    else rejects.push({ row: i, code: 'VALUE_INVALID', message, columns: ['text'] });
  });
  const values = taken.reduce((count, row) => count + (changes?.(row) ?? 0), 0);
  const told: readonly Change[] = values === 0 ? [] : [{ column: 'text', change: 'rounded', values }];
  return { batch: batchOfRows(taken), rejects, changes: told };
}

function splitIn(split: Json): number {
  return (split as { readonly split: number }).split;
}

function rowIn(position: Json): number {
  return (position as { readonly row: number }).row;
}
