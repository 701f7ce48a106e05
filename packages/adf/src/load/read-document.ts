import { decodeJson, type JsonDocument, jsonDocument, placeIn } from '../json/json-document.ts';
import { JsonFault } from '../json/json-reader.ts';
import { problemReport } from '../problem/problem-report.ts';
import type { FactoryDraft } from './factory-draft.ts';
import type { FactoryFile } from './factory-file.ts';

/** The JSON of a file; `undefined`, and a problem, when it is none. */
export function readDocument({ path, bytes }: FactoryFile, draft: FactoryDraft): JsonDocument | undefined {
  const text = decodeJson(bytes);
  if (text === undefined)
    return fail({ line: 1, column: 1 }, 'the file is neither UTF-8 nor UTF-16 with a byte order mark');
  let document: JsonDocument;
  try {
    document = jsonDocument(path, text);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return fail(placeIn(text, error.offset), error.message);
  }
  const [leniency] = document.leniencies;
  if (leniency !== undefined) {
    draft.problems.push({
      severity: 'warning',
      code: 'CONFIG_INVALID',
      file: path,
      path: '',
      ...document.placeAt(leniency.offset),
      message: `${leniency.what} is no JSON; it was read all the same`,
    });
  }
  return document;

  function fail(place: { readonly line: number; readonly column: number }, message: string): undefined {
    draft.problems.push({ severity: 'error', code: 'CONFIG_INVALID', file: path, path: '', ...place, message });
  }
}

/** For problems of a file that are of no definition in it. */
export function fileReport(document: JsonDocument, draft: FactoryDraft): ReturnType<typeof problemReport> {
  return problemReport(document, [], { strict: draft.strict, add: (problem) => draft.problems.push(problem) });
}
