import type { SourceFile } from './workspace.ts';

export interface Fence {
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
}

const OPEN = /^(?<indent>[ \t>]*)(?<mark>`{3,}|~{3,})[ \t]*(?<language>[\w-]*)/;
const TYPESCRIPT = new Set(['ts', 'typescript', 'mts']);

/** The TypeScript of a Markdown page. What stands behind the language is no way out. */
export function typescriptFences({ path, text }: SourceFile): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const open = OPEN.exec(lines[i]!)?.groups;
    if (open === undefined) continue;
    const start = i + 1;
    do i += 1;
    while (i < lines.length && !closes(lines[i]!, open['mark']!));
    if (!TYPESCRIPT.has(open['language']!.toLowerCase())) continue;
    const code = lines.slice(start, i).map((line) => line.slice(sharedIndent(line, open['indent']!)));
    fences.push({ page: path, line: start + 1, code: code.join('\n') });
  }
  return fences;
}

function closes(line: string, mark: string): boolean {
  const text = line.replace(/^[ \t>]*/, '').trimEnd();
  return text.length >= mark.length && text === mark[0]!.repeat(text.length);
}

function sharedIndent(line: string, indent: string): number {
  let length = 0;
  while (length < indent.length && line[length] === indent[length]) length += 1;
  return length;
}
