import { columnMappingPairs } from '../../check/column-mappings.ts';
import type { TabularTranslator } from '../../definition/copy/translator.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';

/** A column of a JSON document, by the name it has in a mapping. */
export interface DocumentColumn {
  readonly name: string;
  /** Undefined: the member of that name. */
  readonly path: string | undefined;
}

/** The columns that one end of a mapping names, each once; `undefined` where there is no explicit mapping. */
export function documentColumns(
  translator: Resolved<TabularTranslator> | undefined,
  end: 'source' | 'sink',
): readonly DocumentColumn[] | undefined {
  const columns = new Map(namedColumns(translator, end)?.map((column) => [column.name, column]));
  return columns.size === 0 ? undefined : [...columns.values()];
}

/** What a mapping calls a column of a document: its name, else its path. */
export function documentName({ name, path }: MappingEnd): string | undefined {
  return name ?? path;
}

interface MappingEnd {
  readonly name?: string | undefined;
  readonly path?: string | undefined;
}

function namedColumns(
  translator: Resolved<TabularTranslator> | undefined,
  end: 'source' | 'sink',
): readonly DocumentColumn[] | undefined {
  const { mappings, columnMappings, schemaMapping } = translator ?? {};
  if (mappings !== undefined && mappings.length > 0) {
    return mappings.flatMap((mapping) => {
      const name = documentName(mapping[end]);
      return name === undefined ? [] : [{ name, path: mapping[end].path }];
    });
  }
  const pairs = columnMappingPairs(columnMappings ?? schemaMapping ?? null);
  return pairs?.map(([source, sink]) => {
    const name = end === 'source' ? source : sink;
    return { name, path: name.startsWith('$') ? name : undefined };
  });
}
