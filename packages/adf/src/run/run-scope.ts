import { evaluateJson } from '../expression/expression-json.ts';
import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import type { ActivityRecords } from './activity-records.ts';
import type { ReturnValues } from './return-values.ts';
import type { RunEngine } from './run-engine.ts';
import type { PastRun, RunHistory } from './run-history.ts';
import type { Variables } from './variables.ts';

/** One run of a pipeline while it is under way. */
export interface PipelineState {
  readonly runId: string;
  readonly pipelineName: string;
  readonly groupId: string;
  /** How many pipelines are above it. */
  readonly depth: number;
  /** `pipeline()`. */
  readonly system: ExpressionObject;
  readonly variables: Variables;
  readonly returnValues: ReturnValues;
  readonly records: ActivityRecords;
  /** Of the pipeline that was started; those it runs have none. */
  readonly history: RunHistory | undefined;
  readonly past: PastRun | undefined;
}

/** What the expressions of a list of activities see. A list within an activity sees what that one sees, and its own. */
export class RunScope {
  readonly engine: RunEngine;
  readonly state: PipelineState;
  readonly depth: number;
  readonly #above: RunScope | undefined;
  readonly #item: ExpressionValue | undefined;
  readonly #activities = new Map<string, ExpressionObject>();

  constructor(engine: RunEngine, state: PipelineState, above?: RunScope, item?: ExpressionValue) {
    this.engine = engine;
    this.state = state;
    this.depth = above === undefined ? state.depth : above.depth + 1;
    this.#above = above;
    this.#item = item;
  }

  /** Whether its activities are the pipeline's own, and in no other activity. */
  get isTop(): boolean {
    return this.#above === undefined;
  }

  /** For the activities in an activity of this scope. */
  within(item: ExpressionValue | undefined = this.#item): RunScope {
    return new RunScope(this.engine, this.state, this, item);
  }

  /** What `activity('name')` gives from now on. */
  setActivity(name: string, value: ExpressionObject): void {
    this.#activities.set(name, value);
  }

  /** @throws `EXPRESSION_INVALID`, `EXPRESSION_FAILED` */
  evaluate(json: unknown, path: string): ExpressionValue {
    const { clock, random, newId } = this.engine;
    const { system, variables } = this.state;
    const item = this.#item;
    return evaluateJson(
      // Definitions were read from JSON.
      json as ExpressionValue,
      {
        scope: {
          pipeline: system,
          variables: variables.values(),
          activities: this.#visibleActivities(),
          trigger: { name: 'Manual', startTime: system['TriggerTime'], scheduledTime: system['TriggerTime'] },
          ...(item === undefined ? {} : { item }),
        },
        clock,
        random,
        newGuid: newId,
      },
      path,
    );
  }

  #visibleActivities(): ExpressionObject {
    const above = this.#above === undefined ? {} : this.#above.#visibleActivities();
    return { ...above, ...Object.fromEntries(this.#activities) };
  }
}
