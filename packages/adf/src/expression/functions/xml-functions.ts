import type { Document } from '@xmldom/xmldom';
import * as xpath from 'xpath';

import type { ExpressionValue } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { parseXml, xmlText } from '../xml/xml-document.ts';
import { xmlOfJson } from '../xml/xml-json.ts';

/** XML travels as its text. */
export const XML_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('xml', 'value', xml),
  defineFunction('xpath', 'xml, xpath', evaluateXpath),
];

/** Of the text of XML or of JSON, or of an object. */
function xml(call: FunctionCall): string {
  const value = call.value(0);
  if (typeof value === 'string') {
    const document = parseXml(value);
    if (document !== undefined) return xmlText(document);
    throw call.fail('is no XML that is well-formed', 0, 'Give JSON to json(…) first.');
  }
  const text = xmlOfJson(value);
  if (typeof text === 'string') return text;
  throw call.fail(text.problem, 0);
}

/** Numbers, booleans and texts as they are; nodes as a list, elements as their XML, others as their text. */
function evaluateXpath(call: FunctionCall): ExpressionValue {
  const document = parseXml(call.text(0));
  if (document === undefined) throw call.fail('is no XML that is well-formed', 0);
  const result = select(call, document);
  if (!Array.isArray(result)) return scalar(call, result);
  return result.map((node) => {
    if (!xpath.isNodeLike(node)) return scalar(call, node);
    return xpath.isElement(node) || xpath.isDocumentNode(node) ? xmlText(node as never) : (node.nodeValue ?? '');
  });
}

function select(call: FunctionCall, document: Document): xpath.SelectReturnType {
  const path = call.text(1);
  try {
    // The two libraries agree on what nodes are, but not on their types.
    return xpath.select(path, document as never);
  } catch {
    throw call.fail('is no XPath 1.0', 1);
  }
}

function scalar(call: FunctionCall, value: xpath.SelectedValue): ExpressionValue {
  if (typeof value === 'number' && !Number.isFinite(value)) throw call.fail('gives no number', 1);
  return typeof value === 'object' ? null : value;
}
