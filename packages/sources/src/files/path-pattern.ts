/** Which paths below a folder are meant. */
export interface PathPattern {
  /** The folder that all of them are in, as far as it can be told; empty, or ending in `/`. */
  readonly folder: string;
  matches(path: string): boolean;
}

/**
 * A pattern for paths: `*` is any characters within a name, `?` one character or none, `**` between slashes any number
 * of folders, and `^` takes the next character for itself. Upper and lower case differ.
 */
export function pathPattern(pattern: string): PathPattern {
  const names = pattern.split('/');
  const literal = names.slice(0, -1).findIndex((name) => name === '**' || /[*?^]/.test(name));
  const folders = literal < 0 ? names.slice(0, -1) : names.slice(0, literal);
  const expression = new RegExp(`^${names.map(nameExpression).join('').slice(0, -1)}$`, 'su');
  return {
    folder: folders.map((name) => `${name}/`).join(''),
    matches: (path) => expression.test(path),
  };
}

/** With a slash behind it. */
function nameExpression(name: string, index: number, names: readonly string[]): string {
  // At the end it stands for names, too.
  if (name === '**') return index === names.length - 1 ? '.*/' : '(?:.*/)?';
  return `${name.replaceAll(/\^.|./gsu, characterExpression)}/`;
}

function characterExpression(text: string): string {
  if (text === '*') return '[^/]*';
  if (text === '?') return '[^/]?';
  const character = text.startsWith('^') && text !== '^' ? text.slice(1) : text;
  return /[$()*+./?[\\\]^{|}]/.test(character) ? `\\${character}` : character;
}
