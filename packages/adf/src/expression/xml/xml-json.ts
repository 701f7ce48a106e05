import { type Document, DOMImplementation, type Element, type Node } from '@xmldom/xmldom';

import { isArray, type PlainObject, type PlainValue } from '../expression-value.ts';
import { parseXml, xmlText } from './xml-document.ts';

/** Names of what is no element, as Json.NET has them: "Converting between JSON and XML", read 2026-11. */
const ATTRIBUTE = '@';
const TEXT = '#text';
const CDATA = '#cdata-section';
const DECLARATION = '?xml';

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const CDATA_NODE = 4;
const INSTRUCTION_NODE = 7;

/** XML as JSON: attributes begin with `@`, elements that occur again become a list, everything is text. */
export function jsonOfXml(document: Document): PlainObject {
  const declaration: Record<string, PlainValue> = {};
  for (const node of childrenOf(document)) {
    if (node.nodeType !== INSTRUCTION_NODE || node.nodeName !== 'xml') continue;
    for (const [, name = '', value = ''] of (node.nodeValue ?? '').matchAll(/([\w.-]+)\s*=\s*["']([^"']*)["']/g)) {
      declaration[`${ATTRIBUTE}${name}`] = value;
    }
  }
  const root = document.documentElement!; // Documents that were parsed have one.
  return {
    ...(Object.keys(declaration).length === 0 ? {} : { [DECLARATION]: declaration }),
    [root.tagName]: valueOf(root),
  };
}

function valueOf(element: Element): PlainValue {
  const members = new Map<string, PlainValue[]>();
  const add = (name: string, value: PlainValue): void => {
    const known = members.get(name);
    if (known === undefined) members.set(name, [value]);
    else known.push(value);
  };
  for (const { name, value } of Array.from(element.attributes)) add(`${ATTRIBUTE}${name}`, value);
  for (const node of childrenOf(element)) {
    if (node.nodeType === ELEMENT_NODE) add(node.nodeName, valueOf(node as Element));
    else if (node.nodeType === CDATA_NODE) add(CDATA, node.nodeValue ?? '');
    else if (node.nodeType === TEXT_NODE && (node.nodeValue ?? '').trim() !== '') add(TEXT, node.nodeValue ?? '');
  }
  if (members.size === 0) return null;
  const [text, more] = members.get(TEXT) ?? [];
  if (members.size === 1 && text !== undefined && more === undefined) return text;
  return Object.fromEntries(
    [...members].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  );
}

function childrenOf(node: Node): readonly Node[] {
  return Array.from(node.childNodes);
}

/** Why a value is no XML. */
export interface XmlProblem {
  readonly problem: string;
}

/** An object with one member, its root element, as the text of XML. */
export function xmlOfJson(value: PlainValue): string | XmlProblem {
  if (!isPlainObject(value)) return { problem: 'must be the text of XML, or an object with one member' };
  const { [DECLARATION]: declaration, ...roots } = value;
  const [root, more] = Object.entries(roots);
  if (root === undefined || more !== undefined || isArray(root[1])) {
    return { problem: 'must have one member, which becomes the root element' };
  }
  const document = new DOMImplementation().createDocument(null, '', null);
  const [name, content] = root;
  try {
    document.appendChild(elementOf(document, name, content ?? null));
  } catch {
    // A name that no element can have.
    return { problem: 'has a name that no element of XML can have' };
  }
  const text = `${declarationText(declaration ?? null)}${xmlText(document)}`;
  return parseXml(text) === undefined ? { problem: 'has a name or a text that XML cannot hold' } : text;
}

function declarationText(declaration: PlainValue): string {
  if (!isPlainObject(declaration)) return '';
  const facts = Object.entries(declaration).map(
    ([name, value]) => ` ${name.replace(/^@/, '')}="${textOf(value ?? null)}"`,
  );
  return `<?xml${facts.join('')}?>`;
}

function elementOf(document: Document, name: string, value: PlainValue): Element {
  const element = document.createElement(name);
  if (isPlainObject(value)) {
    for (const [member, content] of Object.entries(value)) append(document, element, member, content ?? null);
  } else if (value !== null) element.appendChild(document.createTextNode(textOf(value)));
  return element;
}

function append(document: Document, element: Element, name: string, value: PlainValue): void {
  if (isArray(value)) {
    for (const item of value) append(document, element, name, item);
  } else if (name.startsWith(ATTRIBUTE)) element.setAttribute(name.slice(1), textOf(value));
  else if (name === TEXT) element.appendChild(document.createTextNode(textOf(value)));
  else if (name === CDATA) element.appendChild(document.createCDATASection(textOf(value)));
  else element.appendChild(elementOf(document, name, value));
}

function textOf(value: PlainValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isPlainObject(value: PlainValue): value is PlainObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}
