import type { HeaderVariant } from './header-variant.ts';

/** A stretch of what was encoded of one variant, header row not counted. */
export interface UploadRange {
  readonly fromByte: number;
  readonly toByte: number;
}

interface VariantRows {
  /** Where each row ends. */
  readonly ends: number[];
  readonly groups: number[];
  readonly superseded: Set<number>;
}

/** Where the rows of a part are in what was encoded of them, and which of them are sent in what order. */
export class UploadArrangement {
  readonly #variants = new Map<HeaderVariant, VariantRows>();
  readonly #placeOf = new Map<number, { readonly rows: VariantRows; readonly place: number }>();

  /** `row` is counted in the part, `length` in bytes; rows of equal `group` are kept together. */
  add(row: number, variant: HeaderVariant, length: number, group: number): void {
    let rows = this.#variants.get(variant);
    if (rows === undefined) this.#variants.set(variant, (rows = { ends: [], groups: [], superseded: new Set() }));
    this.#placeOf.set(row, { rows, place: rows.ends.length });
    rows.ends.push((rows.ends.at(-1) ?? 0) + length);
    rows.groups.push(group);
  }

  /** Leaves out a row that was added. */
  supersede(row: number): void {
    const added = this.#placeOf.get(row);
    added?.rows.superseded.add(added.place);
  }

  /** What is sent of a variant: groups by their first row, rows of a group in their order. */
  ranges(variant: HeaderVariant): { readonly rows: number; readonly ranges: readonly UploadRange[] } {
    const { ends, groups, superseded } = this.#variants.get(variant) ?? NO_ROWS;
    const places = new Map<number, number[]>();
    for (const [place, group] of groups.entries()) {
      if (superseded.has(place)) continue;
      const others = places.get(group);
      if (others === undefined) places.set(group, [place]);
      else others.push(place);
    }
    const ranges: { fromByte: number; toByte: number }[] = [];
    let rows = 0;
    for (const place of [...places.values()].flat()) {
      rows++;
      const fromByte = place === 0 ? 0 : ends[place - 1]!;
      const toByte = ends[place]!;
      const last = ranges.at(-1);
      if (last?.toByte === fromByte) last.toByte = toByte;
      else ranges.push({ fromByte, toByte });
    }
    return { rows, ranges };
  }
}

const NO_ROWS: VariantRows = { ends: [], groups: [], superseded: new Set() };
