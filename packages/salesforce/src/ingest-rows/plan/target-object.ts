import type { SObjectDescribe } from '../../schema/sobject-describe.ts';
import { isRefusedByBulk } from '../../soql/object-verdict.ts';
import type { IngestOperation } from '../ingest-plan.ts';
import type { IngestProblem } from './ingest-problem.ts';

interface KindRule {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly hint: string;
  /** What can be done nevertheless. */
  readonly allowed?: IngestOperation;
}

/** Kinds of objects, by the end of their names, that take no rows, or rows of one operation only. */
const KINDS: readonly KindRule[] = [
  {
    pattern: /__x$/i,
    reason: 'external objects are not served by the Bulk API',
    hint: 'Write to the external system itself.',
  },
  {
    pattern: /__mdt$/i,
    reason: 'records of custom metadata types are metadata, which no ingest job writes',
    hint: 'Deploy them with the Metadata API.',
  },
  {
    pattern: /__e$/i,
    reason: 'a platform event is published, and neither changed nor removed',
    hint: 'Use the operation insert.',
    allowed: 'insert',
  },
  {
    pattern: /__b$/i,
    reason: 'rows of a big object are inserted only, where one with the same index replaces the one before',
    hint: 'Use the operation insert.',
    allowed: 'insert',
  },
  { pattern: /.ChangeEvent$/i, reason: 'change events come from the org alone', hint: 'Write to the object itself.' },
];

/** What speaks against an object, by its name alone. */
export function refusedKind(name: string, operation: IngestOperation): IngestProblem | undefined {
  const kind = KINDS.find(({ pattern }) => pattern.test(name));
  if (kind !== undefined && kind.allowed !== operation) {
    return { code: 'TARGET_UNWRITABLE', message: `${name}: ${kind.reason}`, hint: kind.hint };
  }
  if (!isRefusedByBulk(name)) return undefined;
  return {
    code: 'TARGET_UNWRITABLE',
    message: `${name} is not served by the Bulk API`,
    hint: 'Write it with the REST API.',
  };
}

const NEEDED = {
  insert: ['createable'],
  upsert: ['createable', 'updateable'],
  update: ['updateable'],
  delete: ['deletable'],
  hardDelete: ['deletable'],
} as const satisfies Record<IngestOperation, readonly (keyof SObjectDescribe)[]>;

const ABILITIES = { createable: 'create', updateable: 'change', deletable: 'delete' } as const;

/** What the user may not do to the object as a whole. An older version of the API does not tell. */
export function refusedOperation(
  describe: SObjectDescribe,
  operation: IngestOperation,
  user: string,
): IngestProblem | undefined {
  const lacking = NEEDED[operation].filter((ability) => describe[ability] === false);
  if (lacking.length === 0) return undefined;
  const abilities = lacking.map((ability) => ABILITIES[ability]).join(' and ');
  return {
    code: 'TARGET_UNWRITABLE',
    message: `${user} may not ${abilities} records of ${describe.name}`,
    hint: 'Ask an administrator for the permission on the object, or choose another operation.',
  };
}
