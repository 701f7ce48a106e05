import { damaged } from './damage.ts';
import { HybridReader } from './hybrid-reader.ts';
import type { DataPage, PageBytes } from './page-reader.ts';
import type { SchemaNode } from './schema-tree.ts';

/** The levels of some rows: where lists go on, and how much of each path is there. */
export interface Levels {
  readonly count: number;
  readonly repetition: Int32Array;
  readonly definition: Int32Array;
}

/** The levels of one page of a nested column. */
export class LevelReader {
  readonly #node: SchemaNode;
  readonly #repetition: HybridReader | undefined;
  readonly #definition: HybridReader | undefined;

  constructor({ repetition, definition }: DataPage, node: SchemaNode) {
    this.#node = node;
    this.#repetition = open(repetition, node.repetition);
    this.#definition = open(definition, node.definition);
  }

  /** @throws `FILE_CORRUPT`. */
  read({ repetition, definition, from, count }: Levels & { readonly from: number }): void {
    this.#repetition?.read(repetition, from, count);
    this.#definition?.read(definition, from, count);
    // Both arrays may hold what was there before.
    if (this.#repetition === undefined) repetition.fill(0, from, from + count);
    if (this.#definition === undefined) definition.fill(0, from, from + count);
    const { repetition: maxRepetition, definition: maxDefinition } = this.#node;
    for (let i = from; i < from + count; i++) {
      if (repetition[i]! > maxRepetition || definition[i]! > maxDefinition) throw damaged('a level beyond its type');
    }
  }
}

function open(levels: PageBytes | undefined, max: number): HybridReader | undefined {
  return levels && new HybridReader(levels.bytes, levels.start, levels.end, 32 - Math.clz32(max));
}
