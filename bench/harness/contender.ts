/** What a contender has to show, so that only those that did the same work are compared. */
export type Facts = Readonly<Record<string, string | number>>;

/** One measured run of a contender, in a process of its own. */
export interface Measurement {
  /** From the first request to the last byte written; without loading modules. */
  readonly wallMs: number;
  /** User and system time of the process over the same stretch. */
  readonly cpuMs: number;
  /** Of the whole process. */
  readonly peakRssBytes: number;
  /** Requests to an API, where the contender counts them: the fact `apiCalls`, on which contenders need not agree. */
  readonly apiCalls?: number;
  readonly facts: Facts;
}

/** JSON that reaches the contender's process as it is. */
export type ContenderInput = Readonly<Record<string, string | number | boolean>>;

export interface Contender {
  readonly name: string;
  /** A module that calls `measure`. */
  readonly modulePath: string;
  readonly input: ContenderInput;
  /** What is being measured, where the others are what it is compared with. */
  readonly isOurs?: boolean;
  /** Where they are not those of the suite. */
  readonly expected?: Facts;
  readonly rows?: number;
  readonly bytes?: number;
  /** What keeps the comparison from being one of like with like. */
  readonly caveat?: string;
}

export interface Suite extends AsyncDisposable {
  readonly name: string;
  readonly title: string;
  /** What the contenders have to agree on; a contender may leave facts out that its work does not give. */
  readonly expected: Facts;
  readonly bytes: number;
  readonly rows: number;
  /** The first is the one that the others are compared with. */
  readonly contenders: readonly Contender[];
  /** Names of contenders that this machine has not. */
  readonly absent?: readonly string[];
}

export interface SuiteOptions {
  readonly rows: number | undefined;
  /** Whether what takes an hour may be measured, too. */
  readonly isLarge: boolean;
}
