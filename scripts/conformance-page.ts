import { INVARIANT_CHECKS } from '../packages/core/test/invariants/invariant-checks.ts';
import { type Check, CHECKS, LEFT_OUT } from '../packages/testkit/src/index.ts';
import { readFiles } from './check/workspace.ts';

const RECORDS = 'packages/*/test/conformance/*.json';
const KINDS = ['source', 'sink', 'format', 'store'] as const;

type Kind = (typeof KINDS)[number];

/** What the test of a plugin wrote down; see `record` of `@sluice/testkit/vitest`. */
interface Recorded {
  readonly plugin: string;
  readonly kind: Kind;
  readonly checks: Readonly<Record<string, string>>;
}

const HEAD = `# Conformance

The checks of \`@sluice/testkit\`, and what came of them for each plugin here. Made by \`npx -y pnpm@12 run docs\` from the
checks and from \`packages/*/test/conformance/\`, which the tests of the plugins are held to and \`vitest --update\` writes.

\`yes\`: passed. \`no\`: fails, for a reason that is given below. \`-\`: the plugin, or its harness, lacks what the check needs.
A plugin conforms when it has no exception to a check that is a must. *Long* checks run in \`test:long\` alone.
`;

const ENGINE = `## The engine

What is held of the engine, whichever plugins take part: the checks of \`packages/core/test/invariants/\`, by the number of
what [always holds](../architecture.md#what-always-holds). The engine passes them all; for each there is a double of it
that does not.

| check | what holds |
| --- | --- |
`;

/** @throws Error when a record and the checks do not belong together. */
export async function renderConformancePage(root: string): Promise<string> {
  const records = (await readFiles(root, RECORDS)).map(({ path, text }) => {
    // Written by the kit.
    const record = JSON.parse(text) as Recorded;
    requireAllChecks(path, record);
    return record;
  });
  const sections = KINDS.map((kind) =>
    section(
      kind,
      records.filter((record) => record.kind === kind),
    ),
  );
  const leftOut = Object.entries(LEFT_OUT).map(([id, { rule, reason }]) => `| ${id} | ${rule} | ${reason} |`);
  const invariants = INVARIANT_CHECKS.map(({ id, title }) => `| ${id} | ${title} |`);
  return [
    HEAD,
    ...sections,
    `${ENGINE}${invariants.join('\n')}\n`,
    `## Rules without a check\n\n| rule | what it says | why |\n| --- | --- | --- |\n${leftOut.join('\n')}\n`,
  ].join('\n');
}

function section(kind: Kind, records: readonly Recorded[]): string {
  const rows = checksOf(kind).map(({ id, level, title, isLong }) => {
    const outcomes = records.map(({ checks: outcome }) => mark(outcome[id]));
    return `| ${[id, level, title, ...(isLong === true ? records.map(() => '*long*') : outcomes)].join(' | ')} |`;
  });
  const names = records.map(({ plugin }) => plugin);
  const exceptions = records.flatMap(({ plugin, checks: outcome }) =>
    Object.entries(outcome)
      .filter(([, text]) => text.startsWith('excepted: '))
      .map(([id, text]) => `- ${plugin}, ${id}: ${text.slice('excepted: '.length)}.`),
  );
  return [
    `## A ${kind}`,
    '',
    `| ${['check', 'level', 'what holds', ...names].join(' | ')} |`,
    `|${' --- |'.repeat(3 + names.length)}`,
    ...rows,
    '',
    ...(exceptions.length === 0 ? [] : ['Exceptions:', '', ...exceptions, '']),
  ].join('\n');
}

function checksOf(kind: Kind): readonly Check[] {
  return CHECKS.filter(({ side }) => side === kind || (side === 'plugin' && kind !== 'format')).toSorted((a, b) =>
    sortKey(a.id).localeCompare(sortKey(b.id), 'en'),
  );
}

/** So that S10 comes behind S9. */
function sortKey(id: string): string {
  return id.replace(/\d+/, (digits) => digits.padStart(3, '0'));
}

function mark(outcome: string | undefined): string {
  if (outcome === 'passed') return 'yes';
  return outcome?.startsWith('excepted: ') === true ? 'no' : '-';
}

function requireAllChecks(path: string, { kind, checks }: Recorded): void {
  const wanted = checksOf(kind).filter(({ isLong }) => isLong !== true);
  const missing = wanted.filter(({ id }) => checks[id] === undefined).map(({ id }) => id);
  const unknown = Object.keys(checks).filter((id) => !wanted.some((check) => check.id === id));
  if (missing.length === 0 && unknown.length === 0) return;
  const what = [...missing.map((id) => `lacks ${id}`), ...unknown.map((id) => `has ${id}, which is no check`)];
  throw new Error(`${path} ${what.join(', ')}: run the test of the plugin with \`vitest --update\``);
}
