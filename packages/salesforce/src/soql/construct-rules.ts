import { majorVersion } from '../org/api-version.ts';
import type { QueryProblem } from './query-problem.ts';

/** A construct of SOQL that query jobs refuse. */
export interface ConstructRule {
  /** A clause by its first words, or a kind of item in SELECT. */
  readonly construct: string;
  /** First and last API version that refuse it; none: the first with query jobs, the latest. */
  readonly sinceVersion?: number;
  readonly untilVersion?: number;
  /** Only where Azure Data Factory's own refusals are wanted, too. */
  readonly strictOnly?: true;
  /** What to do instead. */
  readonly hint: string;
}

const NO_AGGREGATES = 'Read the rows and group them where they arrive.';
const NO_TRACKING = 'Leave it out: a query job does not mark records as viewed or locked.';

/**
 * What Bulk API 2.0 refuses, by version.
 *
 * Bulk API 2.0 and Bulk API Developer Guide, "Create a Query Job", "SOQL Considerations", read 2026-11; connector of
 * Azure Data Factory for Salesforce V2, read 2026-11.
 */
export const CONSTRUCT_RULES: readonly ConstructRule[] = [
  { construct: 'GROUP BY', hint: NO_AGGREGATES },
  { construct: 'HAVING', hint: NO_AGGREGATES },
  { construct: 'an aggregate function', hint: NO_AGGREGATES },
  { construct: 'OFFSET', hint: 'Filter by a range of Id or of a date instead.' },
  {
    construct: 'TYPEOF',
    hint: 'Select the fields all the parents share, such as What.Name, or query each kind of parent.',
  },
  {
    construct: 'a subquery for child records',
    hint: 'Query the child object by itself and join the rows on the parent id.',
  },
  { construct: 'FOR VIEW', hint: NO_TRACKING },
  { construct: 'FOR REFERENCE', hint: NO_TRACKING },
  { construct: 'FOR UPDATE', hint: NO_TRACKING },
  { construct: 'UPDATE TRACKING', hint: NO_TRACKING },
  { construct: 'UPDATE VIEWSTAT', hint: NO_TRACKING },
  { construct: 'WITH DATA CATEGORY', hint: 'Filter the articles after reading them.' },
  { construct: 'ALL ROWS', hint: 'Set `includeDeletedObjects` to read deleted and archived rows.' },
  { construct: 'ORDER BY', strictOnly: true, hint: 'Sort the rows where they arrive.' },
  { construct: 'LIMIT', strictOnly: true, hint: 'Filter by a range of Id or of a date instead.' },
];

export interface ConstructUse {
  readonly construct: string;
  readonly offset: number;
}

export interface RuleScope {
  readonly apiVersion: string;
  readonly strict: boolean;
}

/** The uses that are refused, each as a problem. */
export function refusedConstructs(uses: readonly ConstructUse[], { apiVersion, strict }: RuleScope): QueryProblem[] {
  const version = majorVersion(apiVersion);
  return uses.flatMap(({ construct, offset }): QueryProblem[] => {
    const rule = CONSTRUCT_RULES.find(
      (candidate) =>
        candidate.construct === construct &&
        (candidate.sinceVersion ?? version) <= version &&
        version <= (candidate.untilVersion ?? version) &&
        (strict || candidate.strictOnly !== true),
    );
    if (rule === undefined) return [];
    const by = rule.strictOnly === true ? 'Azure Data Factory refuses' : 'Bulk API 2.0 refuses';
    return [{ code: 'QUERY_UNSUPPORTED', message: `${by} ${construct}`, hint: rule.hint, offset }];
  });
}
