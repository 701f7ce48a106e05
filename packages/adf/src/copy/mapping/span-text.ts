const TICKS_PER_SECOND = 10_000_000n;
const FRACTION_DIGITS = 7;
const SPAN = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;

/** Ticks of `[d.]hh:mm[:ss[.fffffff]]`. */
export function spanOfText(text: string): bigint | undefined {
  const [match, sign, days = '0', hours = '', minutes = '', seconds = '0', fraction = ''] =
    SPAN.exec(text.trim()) ?? [];
  if (match === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * TICKS_PER_SECOND + BigInt(fraction.padEnd(FRACTION_DIGITS, '0'));
  return sign === undefined ? ticks : -ticks;
}

/**
 * Letters d, h, m, s and f, with a backslash before everything else; without a pattern, or with `c`, as .NET writes a
 * span: `hh:mm:ss`, with days and a fraction where there are any.
 */
export function formatSpan(ticks: bigint, pattern: string | undefined): string {
  const size = ticks < 0n ? -ticks : ticks;
  const fraction = (size % TICKS_PER_SECOND).toString().padStart(FRACTION_DIGITS, '0');
  const seconds = size / TICKS_PER_SECOND;
  const parts: Readonly<Record<string, bigint>> = {
    d: seconds / 86_400n,
    h: (seconds / 3600n) % 24n,
    m: (seconds / 60n) % 60n,
    s: seconds % 60n,
  };
  const sign = ticks < 0n ? '-' : '';
  if (pattern === undefined || pattern === 'c') {
    const two = (letter: string): string => parts[letter]!.toString().padStart(2, '0');
    const days = parts['d'] === 0n ? '' : `${parts['d']}.`;
    const rest = size % TICKS_PER_SECOND === 0n ? '' : `.${fraction}`;
    return `${sign}${days}${two('h')}:${two('m')}:${two('s')}${rest}`;
  }
  const written = pattern.replaceAll(/\\(.)|'([^']*)'|([dhms])\3*|f+/g, (match, escaped?: string, quoted?: string) => {
    if (escaped !== undefined) return escaped;
    if (quoted !== undefined) return quoted;
    if (match.startsWith('f')) return fraction.slice(0, match.length);
    return parts[match[0]!]!.toString().padStart(match.length, '0');
  });
  return `${sign}${written}`;
}
