const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

interface Decimal {
  readonly negative: boolean;
  /** Digits left of the point without leading zeros; empty for a value below one. */
  readonly whole: string;
  readonly fraction: string;
}

function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', left = '', right = '', exponentText = '0'] = match;
  if (left === '' && right === '') return undefined;
  const exponent = Number(exponentText);
  const digits = left + right;
  const point = left.length + exponent;
  const whole = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const fraction = point >= digits.length ? '' : digits.slice(Math.max(point, 0)).padStart(digits.length - point, '0');
  return { negative: sign === '-', whole: whole.replace(/^0+/, ''), fraction };
}

/** Decimal text in plain notation, digit for digit, or undefined when it is no number: `1.50E1` gives `15.0`. */
export function toPlainDecimal(text: string): string | undefined {
  if (PLAIN.test(text)) return text;
  const decimal = parseDecimal(text);
  if (decimal === undefined) return undefined;
  const { negative, whole, fraction } = decimal;
  return `${negative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A key whose order as text is the order of the numbers, and which is the same for `1.5` and `1.50`. */
export function decimalSortKey(text: string): string {
  const decimal = parseDecimal(text);
  if (decimal === undefined) return '';
  const { negative, whole, fraction } = decimal;
  const digits = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return '1';
  const leadingZeros = whole === '' ? fraction.length - fraction.replace(/^0+/, '').length : 0;
  const magnitude = 20_000 + (whole === '' ? -leadingZeros : whole.length);
  const key = `${magnitude}${digits}`;
  if (!negative) return `2${key}`;
  // Nines' complement reverses the order; the final letter puts a longer negative before its own prefix.
  return `0${key.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))}z`;
}
