import type { Reader } from './function-call.ts';
import { arityProblem, type FunctionDefinition } from './function-definition.ts';
import { COLLECTION_FUNCTIONS } from './functions/collection-functions.ts';
import { CONVERSION_FUNCTIONS } from './functions/conversion-functions.ts';
import { DATE_FUNCTIONS, readFormat, readTimestamp, readTimeUnit, readTimeZone } from './functions/date-functions.ts';
import { ENCODING_FUNCTIONS } from './functions/encoding-functions.ts';
import { LOGIC_FUNCTIONS } from './functions/logic-functions.ts';
import { MATH_FUNCTIONS } from './functions/math-functions.ts';
import { SCOPE_FUNCTIONS } from './functions/scope-functions.ts';
import { readGuidFormat, STRING_FUNCTIONS } from './functions/string-functions.ts';
import { XML_FUNCTIONS } from './functions/xml-functions.ts';
import { didYouMean } from './nearest-name.ts';

const DEFINITIONS: readonly FunctionDefinition[] = [
  ...SCOPE_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...LOGIC_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...XML_FUNCTIONS,
];

const BY_LOWER_NAME: ReadonlyMap<string, FunctionDefinition> = new Map(
  DEFINITIONS.map((definition) => [definition.name.toLowerCase(), definition]),
);

/** What arguments for parameters of these names are read as; those written as texts can be checked beforehand. */
const READERS: ReadonlyMap<string, Reader<unknown>> = new Map<string, Reader<unknown>>([
  ['timestamp', readTimestamp],
  ['format', readFormat],
  ['sourceTimeZone', readTimeZone],
  ['destinationTimeZone', readTimeZone],
  ['timeUnit', readTimeUnit],
  ['guidFormat', readGuidFormat],
]);

/** Without regard to case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}

/** As the documentation spells them. */
export function functionNames(): readonly string[] {
  return DEFINITIONS.map(({ name }) => name);
}

export interface CallProblem {
  readonly message: string;
  readonly hint: string | undefined;
  readonly functionName: string;
}

/** Why a call cannot work whatever its arguments are: no such function, or not with so many arguments. */
export function findCall(name: string, argumentCount: number): FunctionDefinition | CallProblem {
  const definition = findFunction(name);
  if (definition === undefined) {
    const message = `no function is called ${JSON.stringify(name)}`;
    return { message, hint: didYouMean(name, functionNames()), functionName: name };
  }
  const message = arityProblem(definition, argumentCount);
  return message === undefined ? definition : { message, hint: undefined, functionName: definition.name };
}

/** `undefined` for a parameter that takes more than texts with a meaning. */
export function readerOf(param: string): Reader<unknown> | undefined {
  return READERS.get(param);
}
