import type { TabularTranslator } from '../definition/copy/translator.ts';
import { isList, isRecord, type JsonValue } from '../reading/canonical-json.ts';

/** A legacy mapping as pairs of names: an object, or a text such as `a: x, b: y`. `undefined` for anything else. */
export function columnMappingPairs(mapping: unknown): readonly (readonly [string, string])[] | undefined {
  if (typeof mapping === 'string') {
    const pairs = mapping.split(',').map((pair) => pair.split(':').map((name) => name.trim()));
    return pairs.every(isPair) ? pairs : undefined;
  }
  if (!isRecord(mapping)) return undefined;
  const entries = Object.entries(mapping);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string') ? entries : undefined;
}

/** What is wrong with the legacy forms of a mapping. */
export function columnMappingProblems(
  { columnMappings, schemaMapping }: Pick<TabularTranslator, 'columnMappings' | 'schemaMapping'>,
  sourceStructure: unknown,
  sinkStructure: unknown,
): readonly string[] {
  const written = columnMappings ?? schemaMapping;
  if (isRecord(written) && written['type'] === 'Expression') return [];
  if (typeof written === 'string' && written.includes('@')) return [];
  const pairs = columnMappingPairs(written);
  if (pairs === undefined) return ['must be an object of names, or a text such as "a: x, b: y"'];
  const problems: string[] = [];
  const targets = pairs.map(([, target]) => target);
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) problems.push(`leads to ${JSON.stringify(twice)} twice`);
  if (columnMappings === undefined) return problems;
  const sourceNames = structureNames(sourceStructure);
  const sinkNames = structureNames(sinkStructure);
  const unknownSource = pairs.find(([source]) => sourceNames !== undefined && !sourceNames.includes(source));
  if (unknownSource !== undefined)
    problems.push(`names ${JSON.stringify(unknownSource[0])}, which the structure of the source has not`);
  const unknownSink = sinkNames === undefined ? undefined : targets.find((target) => !sinkNames.includes(target));
  if (unknownSink !== undefined)
    problems.push(`leads to ${JSON.stringify(unknownSink)}, which the structure of the sink has not`);
  if (sinkNames !== undefined && unknownSink === undefined && new Set(targets).size < sinkNames.length) {
    problems.push(`leads to ${new Set(targets).size} columns; the structure of the sink has ${sinkNames.length}`);
  }
  return problems;
}

function structureNames(structure: unknown): readonly string[] | undefined {
  if (!isList(structure)) return undefined;
  return structure.flatMap((column: JsonValue) =>
    isRecord(column) && typeof column['name'] === 'string' ? [column['name']] : [],
  );
}

function isPair(names: readonly string[]): names is [string, string] {
  return names.length === 2 && names.every((name) => name !== '');
}
