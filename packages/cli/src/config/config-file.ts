import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type Json, SluiceError } from '@sluice/core';
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';

import { configInvalid, type ConfigPath, type ConfigProblem, type Place } from './config-problem.ts';
import { fileReason } from './file-reason.ts';
import { syntaxProblem } from './yaml-syntax.ts';

/** A configuration as it was written: variables are not filled in yet. */
export interface ConfigDocument {
  /** As the user named the file. */
  readonly name: string;
  /** Absolute. Paths in the configuration are relative to its folder. */
  readonly path: string;
  readonly value: Json;
  /** Where a key or list entry stands, or else what it would be in. */
  placeOf(path: ConfigPath): Place | undefined;
}

/** Reads a file of YAML or JSON. @throws `CONFIG_INVALID` with every problem of its syntax. */
export async function readConfigFile(name: string): Promise<ConfigDocument> {
  const path = resolve(name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SluiceError('CONFIG_INVALID', `the configuration ${name} cannot be read${fileReason(cause)}`, {
      cause,
      hint: 'Check the path and that this process may read the file.',
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'silent',
  });
  const problems = syntaxProblems(document, lines);
  if (problems.length > 0) throw configInvalid(name, problems);
  return {
    name,
    path,
    // Without aliases, tags and infinite numbers, what YAML holds is JSON.
    value: document.toJS() as Json,
    placeOf: (keys) => placeAt(offsetOf(document.contents, keys), lines),
  };
}

function syntaxProblems(document: Document.Parsed, lines: LineCounter): readonly ConfigProblem[] {
  const problems = [...document.errors, ...document.warnings].map(({ code, pos }): ConfigProblem => ({
    path: [],
    message: syntaxProblem(code),
    place: placeAt(pos[0], lines),
  }));
  const report = ({ range }: Node, message: string): void => {
    problems.push({ path: [], message, place: placeAt(range?.[0] ?? 0, lines) });
  };
  visit(document, {
    Alias: (_key, node) => report(node, 'an alias (*name) is not supported: write the value out'),
    Scalar(_key, node) {
      if (typeof node.value === 'number' && !Number.isFinite(node.value)) report(node, 'a number must be finite');
    },
  });
  return problems;
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function offsetOf(root: Node | null, path: ConfigPath): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) return offset;
      offset = startOf(node);
    } else if (isMap(node)) {
      const pair = pairOf(node, key);
      if (pair === undefined) return offset;
      offset = startOf(pair.key);
      node = pair.value;
    } else {
      return offset;
    }
  }
  return offset;
}

function pairOf(map: YAMLMap, key: string | number): YAMLMap['items'][number] | undefined {
  return map.items.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === key);
}

function startOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}
