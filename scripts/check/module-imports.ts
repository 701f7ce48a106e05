import { parseSync, Visitor } from 'oxc-parser';

import type { SourceFile } from './workspace.ts';

export interface ModuleImport {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
}

export interface ExportedName {
  readonly name: string;
  readonly isType: boolean;
}

/**
 * Everything a module names as imported: imports, re-exports, `import()` of a literal, and types by `import('…')`.
 *
 * @throws Error naming the file when it does not parse.
 */
export function moduleImports({ path, text }: SourceFile): readonly ModuleImport[] {
  const { module, program } = parseModule({ path, text });
  const found = new Map<number, string>();
  for (const { moduleRequest } of module.staticImports) found.set(moduleRequest.start, moduleRequest.value);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) found.set(moduleRequest.start, moduleRequest.value);
  }
  new Visitor({
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') found.set(source.start, source.value);
    },
    TSImportType({ source }) {
      found.set(source.start, source.value);
    },
  }).visit(program);
  return [...found]
    .toSorted(([a], [b]) => a - b)
    .map(([start, specifier]) => ({ specifier, line: text.slice(0, start).split('\n').length }));
}

/**
 * The names a module exports, in order of name.
 *
 * @throws Error naming the file when it exports names it does not spell out, or a default.
 */
export function exportedNames(file: SourceFile): readonly ExportedName[] {
  const names: ExportedName[] = [];
  for (const { entries } of parseModule(file).module.staticExports) {
    for (const { exportName, isType } of entries) {
      if (exportName.name === null) {
        throw new Error(`${file.path}: \`export *\` and default exports hide what is exported; name it`);
      }
      names.push({ name: exportName.name, isType });
    }
  }
  return names.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function parseModule({ path, text }: SourceFile): ReturnType<typeof parseSync> {
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`${path} does not parse: ${parsed.errors[0]!.message}`);
  return parsed;
}
