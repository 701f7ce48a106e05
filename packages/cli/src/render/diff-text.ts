import { diff } from 'node:util';

const CONTEXT_LINES = 3;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
  /** Where it stands in each text, from 1; of the next line there, where it is in one only. */
  readonly before: number;
  readonly after: number;
}

/** The difference of two texts, as `diff -u` and `git diff` show it; nothing where there is none. */
export function diffLines(path: string, before: string, after: string): readonly string[] {
  if (before === after) return [];
  const lines = numbered(before, after);
  const hunks = hunksOf(lines);
  return [`--- a/${path}`, `+++ b/${path}`, ...hunks.flatMap(hunkLines)];
}

function numbered(before: string, after: string): readonly Line[] {
  const places = { before: 1, after: 1 };
  const lines: Line[] = [];
  for (const [side, text] of removalsFirst(diff(split(after), split(before)))) {
    const mark = side === 0 ? ' ' : side < 0 ? '-' : '+';
    lines.push({ mark, text, ...places });
    if (mark !== '+') places.before += 1;
    if (mark !== '-') places.after += 1;
  }
  return lines;
}

type Entry = readonly [side: number, text: string];

/** In each change, what goes before what comes. */
function removalsFirst(entries: readonly Entry[]): readonly Entry[] {
  const ordered: Entry[] = [];
  const added: Entry[] = [];
  for (const entry of entries) {
    if (entry[0] > 0) {
      added.push(entry);
      continue;
    }
    if (entry[0] === 0) ordered.push(...added.splice(0));
    ordered.push(entry);
  }
  return [...ordered, ...added];
}

/** Changes with the lines around them; those that are near each other together. */
function hunksOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const hunks: { start: number; end: number }[] = [];
  for (const [i, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    const start = Math.max(0, i - CONTEXT_LINES);
    const end = Math.min(lines.length, i + CONTEXT_LINES + 1);
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else hunks.push({ start, end });
  }
  return hunks.map(({ start, end }) => lines.slice(start, end));
}

function hunkLines(lines: readonly Line[]): readonly string[] {
  const [first] = lines;
  const count = (other: Line['mark']): number => lines.filter(({ mark }) => mark !== other).length;
  const head = `@@ -${first!.before},${count('+')} +${first!.after},${count('-')} @@`;
  return [head, ...lines.map(({ mark, text }) => mark + text)];
}

function split(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
