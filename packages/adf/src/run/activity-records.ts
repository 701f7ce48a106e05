import type { ActivityRun } from './run-record.ts';

/** The activity runs of a pipeline run, in the order they began. */
export class ActivityRecords {
  readonly #slots: { run: ActivityRun | undefined }[] = [];

  /** Takes the next place; the run comes when it has ended. */
  open(): (run: ActivityRun) => void {
    const slot: { run: ActivityRun | undefined } = { run: undefined };
    this.#slots.push(slot);
    return (run) => {
      slot.run = run;
    };
  }

  /** Of that name. */
  last(name: string): ActivityRun | undefined {
    return this.#slots.findLast(({ run }) => run?.activityName === name)?.run;
  }

  ended(): readonly ActivityRun[] {
    return this.#slots.flatMap(({ run }) => run ?? []);
  }
}
