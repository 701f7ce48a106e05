import type { Json } from '../../src/contract/json.ts';
import type { PartId, Sink, SinkTraits } from '../../src/contract/sink.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { type Row, rowReader } from '../../src/rows/row-reader.ts';
import type { Step } from './memory-source.ts';

/** Rows of any schema on a disk of their own: staged by part, visible once committed. */
export interface SideDisk {
  readonly rows: readonly Row[];
  readonly stagedParts: number;
  readonly commits: number;
  sink(options?: SideOptions): Sink;
}

export interface SideOptions {
  readonly commit?: SinkTraits['commit'];
  readonly writers?: number;
  readonly process?: { readonly isAlive: boolean };
  readonly at?: Step;
}

export function sideDisk(): SideDisk {
  const staged = new Map<string, string>();
  const published = new Map<string, string>();
  let commits = 0;
  return {
    // Written by the sink.
    get rows() {
      return [...published.values()].flatMap((text) => JSON.parse(text) as readonly Row[]);
    },
    get stagedParts() {
      return staged
        .keys()
        .filter((name) => !published.has(name))
        .toArray().length;
    },
    get commits() {
      return commits;
    },
    sink({ commit = 'end', writers = 2, process = { isAlive: true }, at } = {}) {
      return {
        contractVersion: 1,
        name: 'beside',
        config: { commit },
        traits: { guarantee: 'idempotent', commit, writers, bufferBytes: 0 },
        async check(ctx) {
          await at?.('check', ctx);
        },
        async open(_schema, _intent, ctx) {
          await at?.('open', ctx);
          return { v: 1 };
        },
        async writer(_target, schema, id, ctx, after) {
          await at?.(`writer ${nameOf(id)}`, ctx);
          if (writers === 1 && after !== undefined && !staged.has(nameIn(after))) {
            throw new SluiceError('STAGED_DATA_LOST', 'the part before is gone');
          }
          const rows: Row[] = [];
          const toRows = rowReader(schema);
          return {
            async write(batch) {
              rows.push(...toRows(batch));
              return {};
            },
            async prepare() {
              await at?.(`prepare ${nameOf(id)}`, ctx);
              if (process.isAlive) staged.set(nameOf(id), textOf(rows));
              return { v: 1, name: nameOf(id), rows: rows.length };
            },
            async [Symbol.asyncDispose]() {},
          };
        },
        async *commit(_target, _schema, parts, ctx) {
          await at?.(`commit ${parts.length}`, ctx);
          commits++;
          for (const { part, message } of parts) {
            const text = staged.get(nameIn(message));
            if (text === undefined) throw new SluiceError('STAGED_DATA_LOST', 'a staged part is gone');
            if (process.isAlive) published.set(nameIn(message), text);
            yield { part, writtenRows: (message as { readonly rows: number }).rows, rejects: none() };
          }
        },
        async abort(_target, _schema, parts, ctx) {
          await at?.(`abort ${parts.length}`, ctx);
          return { leftBehind: [] };
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

async function* none(): AsyncGenerator<never> {}

/** Numbers of rows are of 64 bits. */
function textOf(rows: readonly Row[]): string {
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

function nameIn(message: Json): string {
  return (message as { readonly name: string }).name;
}

function nameOf({ split, part, retry }: PartId): string {
  return retry === undefined ? `${split}/${part}` : `${split}/${part}/${retry}`;
}
