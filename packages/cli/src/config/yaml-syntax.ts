import type { ErrorCode } from 'yaml';

/**
 * What is wrong, in our words: the parser's own messages may quote the file, and thereby a secret that should not be in
 * it.
 */
const PROBLEMS: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: 'an escape that no text in double quotes can have',
  BAD_INDENT: 'the indentation does not fit what is around it',
  BAD_SCALAR_START: 'a value cannot start with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " in one line: put the value in quotes, or the key on a line of its own',
  DUPLICATE_KEY: 'the key is there twice',
  MISSING_CHAR: 'a quote, a bracket, a comma or a space is missing before this',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing, or the indentation does not fit',
  MULTIPLE_DOCS: 'a file holds one configuration only',
  NON_STRING_KEY: 'a key must be text',
  TAB_AS_INDENT: 'a tab in the indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not supported',
  UNEXPECTED_TOKEN: 'this is not expected here',
};

export function syntaxProblem(code: ErrorCode): string {
  return PROBLEMS[code] ?? 'this cannot be read as YAML';
}
