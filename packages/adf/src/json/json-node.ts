/** A JSON value with the place it stands at. Offsets count UTF-16 units from the start of the text. */
export type JsonNode = JsonScalar | JsonList | JsonMembers;

export interface JsonScalar {
  readonly kind: 'scalar';
  readonly offset: number;
  /** An integer beyond 2^53 is a bigint. */
  readonly value: null | boolean | number | bigint | string;
}

export interface JsonList {
  readonly kind: 'list';
  readonly offset: number;
  readonly items: readonly JsonNode[];
}

export interface JsonMembers {
  readonly kind: 'members';
  readonly offset: number;
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly name: string;
  readonly offset: number;
  readonly node: JsonNode;
}

/** Names of members and places in lists, from the top. */
export type JsonPath = readonly (string | number)[];

export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** The member of that name, else the only one whose name differs in case alone. */
export function memberOf({ members }: JsonMembers, name: string): JsonMember | undefined {
  const exact = members.find((member) => member.name === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  const similar = members.filter((member) => member.name.toLowerCase() === wanted);
  return similar.length === 1 ? similar[0] : undefined;
}

/** Where what a path leads to stands: for a member, its name. What is not there stands where it would be in. */
export function offsetAt(root: JsonNode, path: JsonPath): number {
  let node = root;
  let { offset } = root;
  for (const step of path) {
    if (node.kind === 'members') {
      const member = memberOf(node, String(step));
      if (member === undefined) return offset;
      ({ offset, node } = member);
    } else if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (item === undefined) return offset;
      node = item;
      ({ offset } = item);
    } else {
      return offset;
    }
  }
  return offset;
}
