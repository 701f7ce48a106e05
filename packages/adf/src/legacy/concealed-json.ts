import { endOf } from '../json/json-edit.ts';
import type { JsonNode } from '../json/json-node.ts';
import { memberOf } from '../json/json-node.ts';
import { readJson } from '../json/json-reader.ts';
import { HIDDEN } from '../run/redaction.ts';

/** Where connectors of Data Factory keep secrets, whatever holds them; in lower case. */
const SECRET_NAMES =
  /password|secret$|securitytoken|credential$|extendedproperties|connectionstring|accountkey|sastoken|sasuri|accesskey/i;

/** A text of JSON with everything hidden that may be a secret: for showing, not for use. */
export function concealedJson(text: string): string {
  const hidden = secretsIn(readJson(text).root).toSorted((a, b) => b - a);
  return hidden.reduce((shown, offset) => {
    return `${shown.slice(0, offset)}"${HIDDEN}"${shown.slice(endOf(shown, offset))}`;
  }, text);
}

/** Places of texts. */
function secretsIn(node: JsonNode, name = ''): readonly number[] {
  if (node.kind === 'scalar') return SECRET_NAMES.test(name) && typeof node.value === 'string' ? [node.offset] : [];
  if (node.kind === 'list') return node.items.flatMap((item) => secretsIn(item, name));
  const type = memberOf(node, 'type')?.node;
  const isSecure = type?.kind === 'scalar' && /^securestring$/i.test(String(type.value));
  return node.members.flatMap((member) =>
    isSecure && /^(value|defaultvalue)$/i.test(member.name)
      ? secretsIn(member.node, 'password')
      : secretsIn(member.node, member.name),
  );
}
