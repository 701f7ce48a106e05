import type { JsonMember, JsonNode, JsonScalar } from './json-node.ts';

/** What is wrong with a text as JSON. The message quotes nothing of it. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** What strict JSON does not have and was read all the same. */
export interface JsonLeniency {
  readonly what: 'a comment' | 'a trailing comma';
  readonly offset: number;
}

export interface JsonReading {
  readonly root: JsonNode;
  readonly leniencies: readonly JsonLeniency[];
}

const MAX_DEPTH = 200;
const BLANK = /(?:[ \t\r\n\u00a0\ufeff]+|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const KEYWORD = /(?:true|false|null)(?!\w)/y;

/**
 * Reads JSON with comments and trailing commas, and says where everything stands.
 *
 * @throws {JsonFault} at the first character that does not fit.
 */
export function readJson(text: string): JsonReading {
  const reader = new JsonReader(text);
  const root = reader.document();
  return { root, leniencies: reader.leniencies };
}

class JsonReader {
  readonly leniencies: JsonLeniency[] = [];
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    this.#skipBlank();
    const root = this.#value(0);
    this.#skipBlank();
    if (this.#offset < this.#text.length) throw this.#fault('nothing may follow the end of the document');
    return root;
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw this.#fault(`the JSON is nested more than ${MAX_DEPTH} levels deep`);
    const offset = this.#offset;
    if (this.#take('{')) return { kind: 'members', offset, members: this.#members(depth) };
    if (this.#take('[')) return { kind: 'list', offset, items: this.#items(depth) };
    const value = this.#scalar();
    if (value === undefined)
      throw this.#fault(this.#atEnd() ? 'the document ends here, unfinished' : 'a value is expected here');
    return { kind: 'scalar', offset, value };
  }

  #items(depth: number): readonly JsonNode[] {
    const items: JsonNode[] = [];
    for (;;) {
      this.#skipBlank();
      if (this.#take(']')) return items;
      items.push(this.#value(depth + 1));
      this.#separator(']');
    }
  }

  #members(depth: number): readonly JsonMember[] {
    const members: JsonMember[] = [];
    const seen = new Set<string>();
    for (;;) {
      this.#skipBlank();
      if (this.#take('}')) return members;
      const offset = this.#offset;
      const name = this.#string();
      if (name === undefined) throw this.#fault('the name of a property in double quotes is expected here');
      this.#skipBlank();
      if (!this.#take(':')) throw this.#fault('":" is expected here');
      this.#skipBlank();
      const node = this.#value(depth + 1);
      const member: JsonMember = { name, offset, node };
      if (seen.has(member.name)) throw new JsonFault(offset, `${JSON.stringify(member.name)} is there twice`);
      seen.add(member.name);
      members.push(member);
      this.#separator('}');
    }
  }

  /** Between two values, or before the end of what holds them. */
  #separator(end: string): void {
    this.#skipBlank();
    if (this.#text.startsWith(end, this.#offset)) return;
    const offset = this.#offset;
    if (!this.#take(',')) throw this.#fault(`"," or "${end}" is expected here`);
    this.#skipBlank();
    if (this.#text.startsWith(end, this.#offset)) this.leniencies.push({ what: 'a trailing comma', offset });
  }

  #scalar(): JsonScalar['value'] | undefined {
    const text = this.#string();
    if (text !== undefined) return text;
    const number = this.#match(NUMBER);
    if (number !== undefined) return numberOf(number);
    const keyword = this.#match(KEYWORD);
    return keyword === undefined ? undefined : keyword === 'null' ? null : keyword === 'true';
  }

  #string(): string | undefined {
    const start = this.#offset;
    if (this.#text[start] !== '"') return undefined;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) throw new JsonFault(start, 'the text that begins here has no end');
    } while (isEscaped(this.#text, end));
    let value: unknown;
    try {
      value = JSON.parse(this.#text.slice(start, end + 1));
    } catch {
      throw new JsonFault(
        start,
        'the text that begins here holds a line end, a control character or an escape JSON does not have',
      );
    }
    this.#offset = end + 1;
    return String(value);
  }

  #skipBlank(): void {
    const offset = this.#offset;
    const blank = this.#match(BLANK) ?? '';
    const comment = blank.indexOf('/');
    if (comment >= 0) this.leniencies.push({ what: 'a comment', offset: offset + comment });
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const [match] = pattern.exec(this.#text) ?? [];
    if (match !== undefined) this.#offset += match.length;
    return match;
  }

  #take(character: string): boolean {
    if (!this.#text.startsWith(character, this.#offset)) return false;
    this.#offset += 1;
    return true;
  }

  #atEnd(): boolean {
    return this.#offset >= this.#text.length;
  }

  #fault(message: string): JsonFault {
    return new JsonFault(this.#offset, message);
  }
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text[offset - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function numberOf(digits: string): number | bigint {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}
