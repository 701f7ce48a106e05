import { recordId } from '../org/record-id.ts';

/** Where a locator leads to. */
export interface ResultPlace {
  /** `page`: rows in sequence; `link`: a page of a size the server chose; `list`: more links. */
  readonly kind: 'page' | 'link' | 'list';
  readonly offset: number;
}

const SUFFIXES = { page: '', link: 'p', list: 'l' } as const;

/** The locators of one job's result: opaque to clients, who may use those given out and no others. */
export class ResultLocators {
  readonly #prefix: string;
  readonly #places = new Map<string, ResultPlace>();

  constructor(form: 'resultSet' | 'offset', jobNumber: number) {
    this.#prefix = form === 'offset' ? '' : `0:${recordId('0Ga', jobNumber)}:`;
  }

  /** The same place has the same locator. */
  give(place: ResultPlace): string {
    const text = `${this.#prefix}${place.offset}${SUFFIXES[place.kind]}`;
    const locator = Buffer.from(text).toString('base64');
    this.#places.set(locator, place);
    return locator;
  }

  find(locator: string): ResultPlace | undefined {
    return this.#places.get(locator);
  }
}
