/** A double as Java's `Double.toString` writes it: `100.0`, `8.0E7`, `1.0E-4`. */
export function javaDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  const text = String(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) return text.includes('.') ? text : `${text}.0`;
  const [mantissa = '', exponent = ''] = shortest(value).split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/** Where one digit tells the number, Java prefers the nearest of two digits that does so too: 4.9E-324, not 5.0E-324. */
function shortest(value: number): string {
  const text = value.toExponential();
  if (text.includes('.')) return text;
  const longer = value.toExponential(1);
  return Number(longer) === value ? longer : text;
}
