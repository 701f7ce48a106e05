/** Why a query of the legacy connector is no SOQL, and what to write instead. */
export interface SqlProblem {
  readonly message: string;
  readonly hint: string;
}

const CONSTRUCTS: readonly { readonly pattern: RegExp; readonly what: string; readonly hint: string }[] = [
  {
    pattern: /^\s*\{\s*call\b/i,
    what: 'runs a report by its name',
    hint: "Remove the query and set the dataset's reportId instead.",
  },
  { pattern: /\bselect\s+\*/i, what: 'selects *', hint: 'Remove the query to read every field, or name the fields.' },
  {
    pattern: /\{(ts|d|t)\s*'/i,
    what: 'holds an ODBC literal',
    hint: "Write {ts'2026-01-31 08:05:00'} as 2026-01-31T08:05:00Z, without quotes.",
  },
  { pattern: /[[\]"`]/, what: 'holds quoted names', hint: 'Write names without quotes or brackets.' },
  {
    pattern: /\b(inner|left|right|full|cross)\s+(outer\s+)?join\b|\bjoin\b/i,
    what: 'holds a JOIN',
    hint: 'Select fields of parents by their path, such as Owner.Name.',
  },
  { pattern: /\bselect\s+(distinct|top)\b/i, what: 'holds DISTINCT or TOP', hint: 'Remove it and filter with WHERE.' },
  { pattern: /\bunion\b/i, what: 'holds a UNION', hint: 'Use a copy activity for each part.' },
  { pattern: /\bas\s+\w+\s*(,|from\b)/i, what: 'holds AS', hint: 'Remove it, and rename the column in the mappings.' },
];

/** The construct of SQL-92 a query begins to be no SOQL with, as far as it can be told from the text. */
export function sqlProblem(query: string): SqlProblem | undefined {
  const outside = query.replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''");
  const found = CONSTRUCTS.find(({ pattern }) => pattern.test(outside));
  return found === undefined ? undefined : { message: `the query ${found.what}, which SOQL has not`, hint: found.hint };
}
