import type { ErrorCode } from '@sluice/core';

import type { JsonDocument } from '../json/json-document.ts';
import { type JsonPath, pathText } from '../json/json-node.ts';
import type { DefinitionProblem } from './definition-problem.ts';

export interface ProblemOptions {
  readonly code?: ErrorCode;
  readonly hint?: string | undefined;
  readonly factoryCode?: string;
}

/** Takes down what is wrong with a part of a file. Paths are relative to that part. */
export interface ProblemReport {
  error(path: JsonPath, message: string, options?: ProblemOptions): void;
  warn(path: JsonPath, message: string, options?: ProblemOptions): void;
  /** What Data Factory refuses and we do not: an error where parity is asked for. */
  beyondFactory(path: JsonPath, message: string, options?: ProblemOptions): void;
  /** The report for what is at a path. */
  within(path: JsonPath): ProblemReport;
}

export interface ReportOptions {
  readonly strict: boolean;
  readonly add: (problem: DefinitionProblem) => void;
}

export function problemReport(document: JsonDocument, base: JsonPath, options: ReportOptions): ProblemReport {
  const add = (
    severity: DefinitionProblem['severity'],
    path: JsonPath,
    message: string,
    more: ProblemOptions = {},
  ): void => {
    const { code = 'CONFIG_INVALID', hint, factoryCode } = more;
    const full = [...base, ...path];
    options.add({
      severity,
      code,
      file: document.file,
      path: pathText(full),
      ...document.placeOf(full),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(factoryCode === undefined ? {} : { factoryCode }),
    });
  };
  return {
    error: (path, message, more) => add('error', path, message, more),
    warn: (path, message, more) => add('warning', path, message, more),
    beyondFactory: (path, message, more) => add(options.strict ? 'error' : 'warning', path, message, more),
    within: (path) => problemReport(document, [...base, ...path], options),
  };
}
