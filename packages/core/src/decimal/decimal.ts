export {
  DECIMAL_EXACT,
  DECIMAL_ROUNDED,
  DECIMAL_TOO_FINE,
  DECIMAL_TOO_LARGE,
  DECIMAL_UNREADABLE,
  type DecimalSpec,
  type DecimalStatus,
  decimalType,
  type ExcessDigits,
  specOf,
} from './decimal-spec.ts';
export { formatDecimal } from './format-decimal.ts';
export { type DecimalParser, decimalParser } from './parse-decimal.ts';
export { type NumberText, readNumberText } from './number-text.ts';
