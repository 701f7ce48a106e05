import type { SuiteResult } from './run-suite.ts';

const WIDTH = 720;
const LABEL_WIDTH = 210;
const VALUE_WIDTH = 110;
const BAR_HEIGHT = 18;
const ROW_HEIGHT = 28;
const TOP = 40;
const OURS = '#0b7285';
const OTHERS = '#adb5bd';

/** Throughputs of a suite as horizontal bars, an SVG of its own that light and dark pages can show. */
export function renderBarChart({ name, title, contenders }: SuiteResult): string {
  const most = Math.max(...contenders.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const height = TOP + contenders.length * ROW_HEIGHT + 8;
  const bars = contenders.map(({ name: contender, megabytesPerSecond, isOurs }, i) => {
    const y = TOP + i * ROW_HEIGHT;
    const width = Math.max(1, Math.round((megabytesPerSecond / most) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH)));
    const middle = y + BAR_HEIGHT / 2 + 4;
    return [
      `<text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${escaped(contender)}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="${isOurs ? OURS : OTHERS}"/>`,
      `<text x="${LABEL_WIDTH + width + 6}" y="${middle}">${megabytesPerSecond.toFixed(0)} MB/s</text>`,
    ].join('\n  ');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `  <rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `  <text x="8" y="22" font-weight="bold">${escaped(`${name}: ${title}`)}</text>`,
    ...bars.map((bar) => `  ${bar}`),
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
