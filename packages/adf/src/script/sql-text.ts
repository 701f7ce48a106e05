/** A piece of SQL: code, a `;` between statements, or the place of a value. */
export type SqlPiece =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'named'; readonly name: string; readonly text: string }
  | { readonly kind: 'numbered'; readonly number: number; readonly text: string };

/** What may hold any character, with the places of values (PostgreSQL documentation, "Lexical Structure"). */
const SCANNER =
  /(?<quoted>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\k<tag>\$)|(?<open>\/\*)|(?<end>;)|\$(?<number>\d+)|(?<operator>[+*<>=~!#%^&|`?@/-]*@)(?<name>[A-Za-z_]\w*)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/** Takes SQL apart as far as it must be to find where values go and statements end. */
export function sqlPieces(sql: string): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let from = 0;
  const code = (to: number): void => {
    if (to > from) pieces.push({ kind: 'code', text: sql.slice(from, to) });
  };
  SCANNER.lastIndex = 0;
  for (let match = SCANNER.exec(sql); match !== null; match = SCANNER.exec(sql)) {
    const { open, end, number, operator, name } = match.groups ?? {};
    if (open !== undefined) {
      SCANNER.lastIndex = endOfComment(sql, SCANNER.lastIndex);
      continue;
    }
    // More than the sign alone is an operator, such as <@.
    const isPlace = name !== undefined && operator === '@';
    if (end === undefined && number === undefined && !isPlace) continue;
    code(match.index);
    from = SCANNER.lastIndex;
    const [text] = match;
    if (end !== undefined) pieces.push({ kind: 'end' });
    else if (number !== undefined) pieces.push({ kind: 'numbered', number: Number(number), text });
    else pieces.push({ kind: 'named', name: name!, text });
  }
  code(sql.length);
  return pieces;
}

/** Comments nest. */
function endOfComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
