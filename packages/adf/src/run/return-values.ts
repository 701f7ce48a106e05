import type { ExpressionObject } from '../expression/expression-value.ts';

/** What a pipeline returns to the one that runs it. */
export class ReturnValues {
  #values: ExpressionObject = {};

  /** Keys set before stay unless they are set again. */
  set(values: ExpressionObject): void {
    this.#values = { ...this.#values, ...values };
  }

  values(): ExpressionObject {
    return this.#values;
  }
}
