import { type Document, DOMParser, type Node, onWarningStopParsing, XMLSerializer } from '@xmldom/xmldom';

const XML = 'text/xml';
/** XML 1.0, "Characters". The parser takes others, too. */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Reads a text as XML; undefined where it is none that is well-formed. Entities of a document's own are not replaced, and
 * nothing outside of the text is ever read.
 */
export function parseXml(text: string): Document | undefined {
  if (NO_CHARACTER.test(text)) return undefined;
  try {
    const document = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text.trim(), XML);
    return document.documentElement === null ? undefined : document;
  } catch {
    // What the parser says of it may quote the text.
    return undefined;
  }
}

export function xmlText(node: Node): string {
  return new XMLSerializer().serializeToString(node);
}
