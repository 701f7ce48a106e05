import type { ProblemReport } from '../problem/problem-report.ts';
import type { ActivityNode } from './activity-tree.ts';

const LOOPS = new Set(['ForEach', 'Until']);
const BRANCHES = new Set(['IfCondition', 'Switch']);
const HINT = 'Move the inner activity to a pipeline of its own and run that with an ExecutePipeline activity.';

/**
 * Which activities may hold which.
 *
 * Azure Data Factory, "Nested activities", edition of 2021-06: none of the four may hold another of them. The service
 * has since come to accept branches within loops, so that is refused only where parity with the page is asked for.
 */
export function checkNesting(activities: readonly ActivityNode[], report: ProblemReport): void {
  for (const outer of activities) {
    for (const { activities: inside } of outer.lists) {
      for (const inner of inside) {
        const message = `${inner.type} cannot be within ${outer.type}`;
        const isBranch = BRANCHES.has(inner.type);
        if (LOOPS.has(inner.type) || (isBranch && BRANCHES.has(outer.type))) {
          report.error([...inner.path, 'type'], message, { hint: HINT });
        } else if (isBranch) {
          report.beyondFactory([...inner.path, 'type'], `${message}, by the documentation of 2021`, { hint: HINT });
        }
      }
      checkNesting(inside, report);
    }
  }
}
