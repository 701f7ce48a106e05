/** One thing a guard found wrong, written for whoever has to put it right. */
export interface Finding {
  /** A file, with its line where there is one, relative to the repository. */
  readonly where: string;
  readonly what: string;
  /** One imperative sentence. */
  readonly fix: string;
}

/** Looks at the checkout in a folder. A guard that sees nothing to look at reports that as a finding. */
export type Guard = (root: string) => Promise<readonly Finding[]>;
