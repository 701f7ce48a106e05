export {
  type CheckedOptions,
  checkOptions,
  optionName,
  type OptionPath,
  type OptionProblem,
} from './option-problems.ts';
export { parseOptions } from './parse-options.ts';
