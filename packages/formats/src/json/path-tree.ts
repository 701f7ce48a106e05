import type { PathStep } from './json-path.ts';

/** A value within a row: which columns it fills, and where to go on from there. */
export class PathNode {
  /** Ordinals of the columns that are this value. */
  readonly columns: number[] = [];
  /** Members asked for, by key, in the order they were asked for in. */
  readonly #members = new Map<string, PathNode>();
  readonly #keys: { readonly bytes: Uint8Array; readonly node: PathNode }[] = [];
  /** Elements asked for, by place. */
  readonly elements = new Map<number, PathNode>();
  /** The key that is likely to come next: keys have the same order in most rows. */
  #next = 0;
  #columnsBelow: readonly number[] | undefined;

  get hasMembers(): boolean {
    return this.#keys.length > 0;
  }

  get isLeaf(): boolean {
    return !this.hasMembers && this.elements.size === 0;
  }

  add(steps: readonly PathStep[], column: number): void {
    this.node(steps).columns.push(column);
  }

  /** The node at the end of the steps, which is made where it is not there. */
  node([step, ...rest]: readonly PathStep[]): PathNode {
    if (step === undefined) return this;
    return (typeof step === 'number' ? this.#element(step) : this.#member(step)).node(rest);
  }

  /** By the bytes of a key without escapes. */
  memberAt(bytes: Uint8Array, start: number, end: number): PathNode | undefined {
    const keys = this.#keys;
    const first = this.#next;
    for (let i = 0; i < keys.length; i++) {
      const ordinal = first + i < keys.length ? first + i : first + i - keys.length;
      const key = keys[ordinal]!;
      if (!isKey(bytes, start, end, key.bytes)) continue;
      this.#next = ordinal + 1 === keys.length ? 0 : ordinal + 1;
      return key.node;
    }
    return undefined;
  }

  memberNamed(key: string): PathNode | undefined {
    return this.#members.get(key);
  }

  /** The columns within this value. */
  get columnsBelow(): readonly number[] {
    return (this.#columnsBelow ??= [...this.children()].flatMap((node) => [...node.columns, ...node.columnsBelow]));
  }

  *children(): Generator<PathNode, void, undefined> {
    yield* this.#members.values();
    yield* this.elements.values();
  }

  #element(place: number): PathNode {
    const known = this.elements.get(place);
    if (known !== undefined) return known;
    const node = new PathNode();
    this.elements.set(place, node);
    return node;
  }

  #member(key: string): PathNode {
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const node = new PathNode();
    this.#members.set(key, node);
    this.#keys.push({ bytes: new TextEncoder().encode(key), node });
    return node;
  }
}

function isKey(bytes: Uint8Array, start: number, end: number, key: Uint8Array): boolean {
  if (end - start !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}
