import type { Clock, Random } from '@sluice/core';

import type { ExpressionObject, ExpressionValue } from './expression-value.ts';

/**
 * What an expression can read. A part that is left out cannot be read there: a linked service sees no `pipeline()`, and
 * `item()` is only within a loop.
 *
 * Properties and names are found as written, else without regard to case.
 */
export interface ExpressionScope {
  /** `pipeline()`: `parameters`, `globalParameters`, and system variables such as `RunId`. */
  readonly pipeline?: ExpressionObject;
  /** `variables('name')`. */
  readonly variables?: ExpressionObject;
  /** `activity('name')`: of each activity its `output`, `Status` and `error`. */
  readonly activities?: ExpressionObject;
  /** `item()`. */
  readonly item?: ExpressionValue;
  /** `dataset()`: the dataset's parameters. */
  readonly dataset?: ExpressionObject;
  /** `linkedService()`: the linked service's parameters. */
  readonly linkedService?: ExpressionObject;
  /** `trigger()`. */
  readonly trigger?: ExpressionObject;
}

export interface ExpressionContext {
  readonly scope: ExpressionScope;
  /** For `utcNow` and its like. Default: the machine's. */
  readonly clock?: Pick<Clock, 'now'>;
  /** For `rand`. Default: `Math.random`. */
  readonly random?: Random;
  /** For `guid`: 32 hexadecimal digits in five groups. Default: random. */
  readonly newGuid?: () => string;
}

/** The names an expression may refer to, known before anything runs. What is left out cannot be read there. */
export interface ExpressionDeclarations {
  readonly pipeline?: {
    readonly parameters: readonly string[];
    /** Not checked when left out. */
    readonly globalParameters?: readonly string[];
  };
  readonly variables?: readonly string[];
  /** Those upstream of where the expression stands. */
  readonly activities?: readonly string[];
  /** Whether there is an `item()`. */
  readonly item?: boolean;
  readonly dataset?: readonly string[];
  readonly linkedService?: readonly string[];
  readonly trigger?: boolean;
}
