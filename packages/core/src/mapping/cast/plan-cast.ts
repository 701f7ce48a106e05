import { DataType, DateDay, type Dictionary, Int32 } from 'apache-arrow';

import { sameType } from '../../schema/same-schema.ts';
import { columnBuilder } from '../column-builder.ts';
import { bytesCast } from './bytes-cast.ts';
import { calendarCast } from './calendar-cast.ts';
import { type CastKernel, type CastOptions, inTurn } from './cast-kernel.ts';
import { decodingCast, encodingCast, recodingCast } from './dictionary-cast.ts';
import { numberCast } from './number-cast.ts';
import { textCast } from './text-cast.ts';

/** How a type becomes another; undefined where it never does. */
export type CastPlan = { readonly kernel: CastKernel | 'unchanged' } | undefined;

/** @throws `TYPE_UNSUPPORTED` for a decimal that is none. */
export function planCast(from: DataType, to: DataType, options: CastOptions): CastPlan {
  if (sameType(from, to)) return { kernel: 'unchanged' };
  const kernel = castKernel(from, to, options);
  return kernel === undefined ? undefined : { kernel };
}

function castKernel(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  if (DataType.isDictionary(to)) return toDictionary(from, to, options);
  if (DataType.isNull(from)) return allNulls(to);
  if (DataType.isDictionary(from)) {
    const entries = planCast(from.dictionary, to, options);
    return entries === undefined ? undefined : decodingCast(to, kernelOf(entries));
  }
  return (
    plainCast(from, to, options) ??
    (isMillisecondDate(from) || isMillisecondDate(to) ? byDay(from, to, options) : undefined)
  );
}

function plainCast(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  return (
    numberCast(from, to, options) ??
    calendarCast(from, to, options) ??
    bytesCast(from, to) ??
    textCast(from, to, options)
  );
}

function allNulls(to: DataType): CastKernel | undefined {
  const build = columnBuilder(to);
  return build === undefined ? undefined : ({ length }) => build(length).finish();
}

/** Keys of 32 bits are enough for every batch; narrower ones are not, whatever the batch before had. */
function toDictionary(from: DataType, to: Dictionary, options: CastOptions): CastKernel | undefined {
  const values = planCast(DataType.isDictionary(from) ? from.dictionary : from, to.dictionary, options);
  if (values === undefined) return undefined;
  if (DataType.isDictionary(from) && sameType(from.indices, to.indices)) return recodingCast(to, kernelOf(values));
  if (!sameType(to.indices, new Int32())) return undefined;
  const encode = encodingCast(to);
  if (encode === undefined) return undefined;
  const plain = DataType.isDictionary(from) ? decodingCast(to.dictionary, kernelOf(values)) : kernelOf(values);
  return plain === undefined ? encode : inTurn(plain, encode);
}

function kernelOf(plan: NonNullable<CastPlan>): CastKernel | undefined {
  return plan.kernel === 'unchanged' ? undefined : plan.kernel;
}

/** Dates in milliseconds are written and read as the days they are. */
function byDay(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  const day = new DateDay();
  const first = plainCast(from, day, options);
  const second = plainCast(day, to, options);
  return first === undefined || second === undefined ? undefined : inTurn(first, second);
}

function isMillisecondDate(type: DataType): boolean {
  return DataType.isDate(type) && !sameType(type, new DateDay());
}
