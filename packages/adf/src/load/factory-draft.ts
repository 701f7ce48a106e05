import { KIND_WORDS, nameKey } from '../check/factory-index.ts';
import { checkName, MAX_NAME_CHARS, MAX_PIPELINE_NAME_CHARS } from '../check/name-check.ts';
import type { DefinitionKind } from '../definition/factory.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { DefinitionProblem } from '../problem/definition-problem.ts';
import { problemReport, type ProblemReport } from '../problem/problem-report.ts';
import { type DefinitionPlace, type DefinitionText, readDefinition } from '../reading/read-definition.ts';

/** A factory while its files are being read. */
export class FactoryDraft {
  readonly linkedServices = new Map<string, DefinitionText<'linkedService'>>();
  readonly datasets = new Map<string, DefinitionText<'dataset'>>();
  readonly pipelines = new Map<string, DefinitionText<'pipeline'>>();
  readonly globalParameters = new Map<string, unknown>();
  readonly integrationRuntimes = new Set<string>();
  /** Of files as such. */
  readonly problems: DefinitionProblem[] = [];
  /** By what they are of. */
  readonly problemsOf = new Map<DefinitionText, DefinitionProblem[]>();
  readonly strict: boolean;
  name = '';
  knowsRuntimes = false;
  knowsGlobalParameters = false;

  constructor(strict: boolean) {
    this.strict = strict;
  }

  /** Reads a definition and keeps it, unless there is one of its name. `namePath` is where its name stands. */
  add(kind: DefinitionKind, place: DefinitionPlace, namePath: JsonPath): void {
    const problems: DefinitionProblem[] = [];
    const options = { strict: this.strict, add: (problem: DefinitionProblem) => problems.push(problem) };
    const report = problemReport(place.document, place.path, options);
    const nameReport = problemReport(place.document, [], options);
    checkName(place.name, namePath, MAX_NAME_CHARS, nameReport);
    if (kind === 'pipeline' && place.name.length > MAX_PIPELINE_NAME_CHARS && place.name.length <= MAX_NAME_CHARS) {
      nameReport.warn(namePath, `the name has more than the ${MAX_PIPELINE_NAME_CHARS} characters editors allow`);
    }
    const kept = this.#keep(kind, place, report, nameReport, namePath);
    this.problemsOf.set(kept, problems);
  }

  #keep(
    kind: DefinitionKind,
    place: DefinitionPlace,
    report: ProblemReport,
    nameReport: ProblemReport,
    namePath: JsonPath,
  ): DefinitionText {
    switch (kind) {
      case 'linkedService':
        return keep(this.linkedServices, readDefinition(kind, place, report), nameReport, namePath);
      case 'dataset':
        return keep(this.datasets, readDefinition(kind, place, report), nameReport, namePath);
      case 'pipeline':
        return keep(this.pipelines, readDefinition(kind, place, report), nameReport, namePath);
    }
  }
}

function keep<Kind extends DefinitionKind>(
  all: Map<string, DefinitionText<Kind>>,
  definition: DefinitionText<Kind>,
  nameReport: ProblemReport,
  namePath: JsonPath,
): DefinitionText {
  const key = nameKey(definition.name);
  const first = all.get(key);
  if (first === undefined) all.set(key, definition);
  else {
    const what = `${KIND_WORDS[definition.kind]} called ${JSON.stringify(first.name)}`;
    nameReport.error(namePath, `there is another ${what}, in ${first.document.file}`, {
      hint: 'Rename one of them: names that differ in case alone are the same.',
    });
  }
  return definition;
}
