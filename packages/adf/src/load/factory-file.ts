/** A file of a factory. */
export interface FactoryFile {
  /** Relative to the factory, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface ReadOptions {
  /** Refuse what Data Factory refuses, even where it could be done here. */
  readonly strict?: boolean;
  /** API version for linked services that name none, such as `64.0`. */
  readonly defaultApiVersion?: string;
  /** Values of `pipeline().globalParameters`, before those of the factory itself. */
  readonly globalParameters?: Readonly<Record<string, unknown>>;
  /** Values for the parameters of a deployment template, before those of its parameter file. */
  readonly templateParameters?: Readonly<Record<string, unknown>>;
}
