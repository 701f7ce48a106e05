import type { DataType } from 'apache-arrow';

import type { ExcessDigits } from '../decimal/decimal-spec.ts';
import type { ColumnValue } from './column-value.ts';

export interface TakeOptions<T extends DataType> {
  /** Its new name. Default: the one it has. */
  readonly as?: string;
  /** What it is cast to. Default: the type it has. */
  readonly type?: T;
  /**
   * Digits that the type has no room for: `error` rejects the row, `round` goes to the nearest, halves away from zero.
   * Whole digits are never lost. Default `error`.
   */
  readonly excessDigits?: ExcessDigits;
  /**
   * What is finer than the unit of the type, and the time of day where it becomes a date: `error` rejects the row, `cut`
   * goes back to the unit before. Default `error`.
   */
  readonly excessTime?: 'error' | 'cut';
}

/** A column of the source, under another name or as another type. */
export interface TakenColumn<T extends DataType = DataType> extends TakeOptions<T> {
  readonly kind: 'take';
  readonly from: string;
}

/** The same value in every row. */
export interface ConstantColumn<T extends DataType = DataType> {
  readonly kind: 'constant';
  readonly as: string;
  readonly type: T;
  readonly value: ColumnValue<T> | null;
}

/** Reads the values of one input of a computed column, as its type keeps them. */
export interface ColumnReader<T extends DataType = DataType> {
  at(row: number): ColumnValue<T> | null;
}

export type ComputedInputs = Readonly<Record<string, TakenColumn>>;

export type InputReaders<Inputs extends ComputedInputs> = {
  readonly [Name in keyof Inputs]: ColumnReader<Inputs[Name] extends TakenColumn<infer T> ? T : DataType>;
};

export interface ComputeOptions<Inputs extends ComputedInputs, T extends DataType> {
  readonly type: T;
  /** The columns it is computed from, each cast to the type that the function reads. */
  readonly from: Inputs;
  /**
   * Names the function and counts its versions: all that a run which is resumed has to tell it from another one, so it
   * changes when the function does.
   */
  readonly function: string;
  /**
   * The value in a row, a function of the inputs alone. A row is rejected where the type has no room for the value, or
   * when it throws a `SluiceError` with the code `VALUE_INVALID`; every other error fails the run.
   */
  readonly value: (inputs: InputReaders<Inputs>, row: number) => ColumnValue<T> | null;
}

/** A column computed from others. */
export interface ComputedColumn {
  readonly kind: 'computed';
  readonly as: string;
  readonly type: DataType;
  readonly from: ComputedInputs;
  readonly function: string;
  /** As in `ComputeOptions`, whose types are checked where it is made. */
  readonly value: (inputs: Readonly<Record<string, ColumnReader>>, row: number) => unknown;
}

export type ColumnSpec = TakenColumn | ConstantColumn | ComputedColumn;

/** Takes a column of the source. */
export function take<T extends DataType = DataType>(from: string, options: TakeOptions<T> = {}): TakenColumn<T> {
  return { kind: 'take', from, ...options };
}

/** Adds a column that has the same value in every row, as its type keeps it. */
export function constant<T extends DataType>(as: string, type: T, value: ColumnValue<T> | null): ConstantColumn<T> {
  return { kind: 'constant', as, type, value };
}

/**
 * Adds a column computed from others.
 *
 * @example
 *   computed('label', {
 *     type: new Utf8(),
 *     from: { name: take('Name', { type: new Utf8() }), year: take('Year', { type: new Int32() }) },
 *     function: 'label/1',
 *     value: ({ name, year }, row) => `${name.at(row)} (${year.at(row)})`,
 *   });
 */
export function computed<const Inputs extends ComputedInputs, T extends DataType>(
  as: string,
  options: ComputeOptions<Inputs, T>,
): ComputedColumn {
  // The planner gives the readers that the inputs ask for.
  return { kind: 'computed', as, ...options, value: options.value as ComputedColumn['value'] };
}
