import { CHECKLIST, type ChecklistItem } from './checklist.ts';
import { OPEN_ITEMS } from './open-items.ts';
import { testedIds } from './tested-ids.ts';

const HEAD = `# Data Factory, item by item

What makes a pipeline of Azure Data Factory run here as it does there, and how far that is true. An item is *tested* when
tests carry its id in their titles, *in part* when something of it is missing, *waiting* when it will come (what needs it
validates, and is refused before anything runs, with \`CONNECTOR_MISSING\`), *refused* when it will not.

Made by \`npx -y pnpm@12 run docs\` from the titles of the tests and \`scripts/data-factory/\`.
`;

/** The page. @throws {Error} naming items that are neither tested nor listed as open, and ids that are none. */
export async function renderChecklistPage(root: string): Promise<string> {
  const tested = await testedIds(root);
  const known = new Set(CHECKLIST.map(({ id }) => id));
  const unaccounted = [...known].filter((id) => !tested.has(id) && OPEN_ITEMS[id] === undefined);
  const unknown = Object.keys(OPEN_ITEMS).filter((id) => !known.has(id));
  if (unaccounted.length > 0) {
    throw new Error(
      `neither tested by name nor listed in scripts/data-factory/open-items.ts: ${unaccounted.join(', ')}`,
    );
  }
  if (unknown.length > 0) throw new Error(`no items of the checklist: ${unknown.join(', ')}`);
  const rows = CHECKLIST.map((item) => [item.id, item.level, escaped(item.what), stateOf(item, tested)]);
  const counts = (['must', 'should', 'could'] as const).map((level) => {
    const ofLevel = CHECKLIST.filter((item) => item.level === level);
    const done = ofLevel.filter(({ id }) => OPEN_ITEMS[id] === undefined);
    return `${level}: ${done.length} of ${ofLevel.length} tested in full`;
  });
  return `${HEAD}\n${counts.join('; ')}.\n\n${table([['id', 'level', 'what', 'state'], ...rows])}\n`;
}

function stateOf({ id }: ChecklistItem, tested: ReadonlySet<string>): string {
  const open = OPEN_ITEMS[id];
  if (open === undefined) return 'tested';
  return `${tested.has(id) ? 'in part' : open.state}: ${escaped(open.reason)}`;
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
