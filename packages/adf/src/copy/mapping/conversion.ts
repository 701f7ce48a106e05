import { SluiceError } from '@sluice/core';
import type { AnyValue } from '@sluice/core/mapping';
import { DataType } from 'apache-arrow';

import type { ConversionSettings } from './conversion-settings.ts';
import { dateReader, dateWriter } from './date-text.ts';
import { type InterimKind, isPermitted, kindOfType, namedType } from './interim-type.ts';
import { type Decimal, interimReader, interimWriter } from './interim-value.ts';
import {
  booleanOfText,
  type Convert,
  decimalOfFloat,
  decimalOfText,
  decimalText,
  floatOfText,
  integerOfFloat,
  integerOfText,
  rescaled,
} from './number-conversion.ts';
import { formatSpan, spanOfText } from './span-text.ts';
import { typeText } from './type-text.ts';

/** How the values of a column become those of another type. */
export interface Conversion {
  readonly type: DataType;
  /** For messages. */
  readonly target: string;
  /** `undefined` for a value that cannot become one of the type. */
  convert(cell: AnyValue): AnyValue | undefined;
}

interface AnyConversionRequest {
  readonly column: string;
  /** Whether the column holds ids, which are texts to Arrow. */
  readonly fromKind?: InterimKind;
  readonly from: DataType;
  /** .NET pattern of dates, before those of the settings. */
  readonly format: string | undefined;
  readonly settings: ConversionSettings;
}

export interface ConversionRequest extends AnyConversionRequest {
  /** Name of an interim type. */
  readonly to: string;
}

export interface TypedConversionRequest extends AnyConversionRequest {
  readonly to: DataType;
  readonly kind: InterimKind;
  /** For messages. */
  readonly target: string;
}

/**
 * `undefined` where nothing is to be done.
 *
 * @throws `CONFIG_INVALID` for types one of which never becomes the other; `TYPE_UNSUPPORTED`.
 */
export function planConversion({ to, ...request }: ConversionRequest): Conversion | undefined {
  const named = namedType(to, request.from);
  if (named === undefined) throw noConversion(request.column, to);
  return planTypedConversion({ ...request, to: named.type, kind: named.kind, target: to });
}

/** The same for a type that no interim type has to be named for. @throws as `planConversion` does. */
export function planTypedConversion({
  column,
  from,
  to,
  kind,
  target,
  format,
  settings,
  fromKind = kindOfType(from),
}: TypedConversionRequest): Conversion | undefined {
  if (fromKind === undefined) throw noConversion(column, target);
  if (!isPermitted(fromKind, kind)) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `column ${JSON.stringify(column)} of type ${fromKind} cannot become ${target}`,
      {
        hint: 'Data Factory has no conversion between these types.',
      },
    );
  }
  if (fromKind === kind && typeText(from) === typeText(to)) return undefined;
  const read = interimReader(from);
  const write = interimWriter(to, settings);
  const scale = DataType.isDecimal(to) ? to.scale : 0;
  const convert = between(fromKind, kind, { scale, format, settings, isOffset: target === 'DateTimeOffset' });
  return {
    type: to,
    target,
    convert(cell) {
      const value = convert(read(cell));
      return value === undefined ? undefined : write(value);
    },
  };
}

function noConversion(column: string, target: string): SluiceError {
  return new SluiceError('TYPE_UNSUPPORTED', `column ${JSON.stringify(column)} cannot be converted to ${target}`);
}

interface Details {
  readonly scale: number;
  readonly format: string | undefined;
  readonly settings: ConversionSettings;
  readonly isOffset: boolean;
}

const GUID = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;

function between(from: InterimKind, to: InterimKind, details: Details): Convert {
  const { scale, settings } = details;
  switch (to) {
    case 'Boolean':
      return toBoolean(from);
    case 'Integer':
      return toInteger(from, settings);
    case 'Decimal': {
      const decimal = toDecimal(from);
      return (value) => {
        const made = decimal(value);
        // Decimals come out of it.
        return made === undefined ? undefined : rescaled(made as Decimal, scale, settings);
      };
    }
    case 'Float':
      return toFloat(from);
    case 'DateTime': {
      if (from !== 'String') return (value) => value;
      const read = dateReader(details.format ?? dateFormatOf(details));
      return (value) => read(value as string);
    }
    case 'TimeSpan':
      return from === 'String' ? (value) => spanOfText(value as string) : (value) => value;
    case 'Guid':
      return (value) => (GUID.test((value as string).trim()) ? (value as string).trim() : undefined);
    case 'Bytes':
      return from === 'String' ? (value) => new TextEncoder().encode(value as string) : (value) => value;
    case 'String':
      return toText(from, details);
  }
}

function toBoolean(from: InterimKind): Convert {
  switch (from) {
    case 'Integer':
      return (value) => (value as bigint) !== 0n;
    case 'Decimal':
      return (value) => (value as Decimal).unscaled !== 0n;
    case 'Float':
      return (value) => (value as number) !== 0;
    case 'String':
      return (value) => booleanOfText(value as string);
    default:
      return (value) => value;
  }
}

function toInteger(from: InterimKind, settings: ConversionSettings): Convert {
  switch (from) {
    case 'Boolean':
      return (value) => (value === true ? 1n : 0n);
    case 'Decimal':
      return (value) => rescaled(value as Decimal, 0, settings)?.unscaled;
    case 'Float':
      return (value) => integerOfFloat(value as number, settings);
    case 'String':
      return (value) => integerOfText(value as string);
    default:
      return (value) => value;
  }
}

function toDecimal(from: InterimKind): Convert {
  switch (from) {
    case 'Boolean':
      return (value) => ({ unscaled: value === true ? 1n : 0n, scale: 0 });
    case 'Integer':
      return (value) => ({ unscaled: value as bigint, scale: 0 });
    case 'Float':
      return (value) => decimalOfFloat(value as number);
    case 'String':
      return (value) => decimalOfText(value as string);
    default:
      return (value) => value;
  }
}

function toFloat(from: InterimKind): Convert {
  switch (from) {
    case 'Boolean':
      return (value) => (value === true ? 1 : 0);
    case 'Integer':
      return (value) => Number(value);
    case 'Decimal':
      return (value) => Number(decimalText(value as Decimal));
    case 'String':
      return (value) => floatOfText(value as string);
    default:
      return (value) => value;
  }
}

function toText(from: InterimKind, details: Details): Convert {
  const { settings, format } = details;
  switch (from) {
    case 'Boolean':
      return settings.treatBooleanAsNumber
        ? (value) => (value === true ? '1' : '0')
        : (value) => (value === true ? 'True' : 'False');
    case 'Decimal':
      return (value) => decimalText(value as Decimal);
    case 'DateTime': {
      const write = dateWriter(format ?? dateFormatOf(details));
      return (value) => write(value as bigint);
    }
    case 'TimeSpan':
      return (value) => formatSpan(value as bigint, settings.timeSpanFormat);
    case 'Bytes':
      return (value) =>
        `0x${Buffer.from(value as Uint8Array)
          .toString('hex')
          .toUpperCase()}`;
    case 'Integer':
      return (value) => (value as bigint).toString();
    case 'Float':
      return (value) => (value as number).toString();
    default:
      return (value) => value;
  }
}

function dateFormatOf({ settings, isOffset }: Details): string | undefined {
  return isOffset ? (settings.dateTimeOffsetFormat ?? settings.dateTimeFormat) : settings.dateTimeFormat;
}
