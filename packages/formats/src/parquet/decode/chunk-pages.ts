import type { ChunkInput } from './chunk-input.ts';
import { damaged } from './damage.ts';
import { type DataPage, type DictionaryPage, type PageContext, readPage } from './page-reader.ts';

export interface ChunkPagesOptions extends PageContext {
  readonly input: ChunkInput;
  /** As many as the footer says, nulls among them. */
  readonly values: number;
  readonly onDictionary: (page: DictionaryPage) => void;
}

/** The data pages of one column chunk, one after the other, until they have all its values. */
export class ChunkPages {
  /** Not yet in a page. */
  left: number;
  readonly #options: ChunkPagesOptions;
  #isFirst = true;

  constructor(options: ChunkPagesOptions) {
    this.#options = options;
    this.left = options.values;
  }

  /** A page with at least one value. @throws `FILE_CORRUPT`, also when there is none left. */
  async next(): Promise<DataPage> {
    const { input, onDictionary } = this.#options;
    while (true) {
      if (this.left === 0) throw damaged('it has fewer rows than its row group');
      const page = await readPage(input, this.#options);
      if (page.kind === 'dictionary') {
        if (!this.#isFirst) throw damaged('its dictionary is not its first page');
        this.#isFirst = false;
        onDictionary(page);
        continue;
      }
      this.#isFirst = false;
      if (page.values > this.left) throw damaged('its pages have more values than the footer says');
      this.left -= page.values;
      if (page.values > 0) return page;
    }
  }
}
