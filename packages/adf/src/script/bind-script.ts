import { SluiceError } from '@sluice/core';
import type { Statement } from '@sluice/postgres';

import type { ExpressionValue } from '../expression/expression-value.ts';
import { type BoundValue, boundValue, type ScriptType } from './script-value.ts';
import { type SqlPiece, sqlPieces } from './sql-text.ts';

export interface ScriptParameter {
  readonly name?: string | undefined;
  readonly type: ScriptType;
  readonly value?: unknown;
  readonly direction: 'Input' | 'Output' | 'InputOutput';
}

/**
 * The statements of a script, values bound and never part of the text. Without values the text goes to the server as it is.
 *
 * @throws `CONFIG_INVALID` for values that are not of their types, and for places in the text without one.
 */
export function bindScript(text: string, parameters: readonly ScriptParameter[], path: string): readonly Statement[] {
  const inputs = parameters.filter(({ direction }) => direction !== 'Output');
  if (inputs.length === 0) return [{ sql: text }];
  const named = new Map<string, BoundValue>();
  const numbered: BoundValue[] = [];
  for (const [index, { name = '', type, value }] of inputs.entries()) {
    const what = `${path}: the parameter ${name === '' ? `$${index + 1}` : `@${name}`}`;
    // Schemas let only JSON through.
    const bound = boundValue(value as ExpressionValue | undefined, type, what);
    if (name === '') numbered.push(bound);
    else named.set(name.toLowerCase(), bound);
  }
  const statements = statementsOf(sqlPieces(text));
  if (numbered.length > 0 && statements.length > 1) {
    throw new SluiceError('CONFIG_INVALID', `${path}: there are several statements, and parameters without names`, {
      hint: 'Name the parameters, or make each statement a script of its own.',
    });
  }
  return statements.map((pieces) => bindStatement(pieces, { named, numbered, path }));
}

interface Values {
  readonly named: ReadonlyMap<string, BoundValue>;
  readonly numbered: readonly BoundValue[];
  readonly path: string;
}

function bindStatement(pieces: readonly SqlPiece[], { named, numbered, path }: Values): Statement {
  const places = new Map<BoundValue, number>();
  const place = (value: BoundValue): string => {
    const at = places.get(value) ?? places.size + 1;
    places.set(value, at);
    return `$${at}::${value.sqlType}`;
  };
  const sql = pieces.map((piece) => {
    switch (piece.kind) {
      case 'named': {
        const value = named.get(piece.name.toLowerCase());
        return value === undefined ? piece.text : place(value);
      }
      case 'numbered': {
        if (named.size > 0) return piece.text;
        const value = numbered[piece.number - 1];
        if (value !== undefined) return place(value);
        throw new SluiceError(
          'CONFIG_INVALID',
          `${path}: the text has ${piece.text}, and no parameter is there for it`,
          {
            hint: 'Parameters without names are counted from $1 in each script.',
          },
        );
      }
      case 'code':
        return piece.text;
      case 'end':
        return ';';
    }
  });
  return { sql: sql.join(''), values: [...places.keys()].map(({ text }) => text) };
}

/** Blank ones left out. */
function statementsOf(pieces: readonly SqlPiece[]): readonly (readonly SqlPiece[])[] {
  const statements: SqlPiece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === 'end') statements.push([]);
    else statements.at(-1)!.push(piece);
  }
  return statements.filter((statement) => statement.some((piece) => piece.kind !== 'code' || !isBlank(piece.text)));
}

function isBlank(code: string): boolean {
  return code.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '';
}
