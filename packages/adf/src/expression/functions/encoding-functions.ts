import type { FunctionCall, Reader } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';

/** How binary values travel in JSON: the service's own members. */
interface BinaryValue {
  readonly '$content-type': string;
  /** Base64. */
  readonly $content: string;
  readonly [name: string]: string;
}

const OCTETS = 'application/octet-stream';
/** One character: the lead byte says how many follow. */
const ESCAPED_CHAR =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;
const DATA_URI = /^data:(?<type>[^,]*?)(?<base64>;base64)?,(?<data>.*)$/is;

export const ENCODING_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('base64', 'value', (call) => Buffer.from(call.text(0)).toString('base64')),
  defineFunction('base64ToBinary', 'value', (call) => binary(call.read(0, readBase64))),
  defineFunction('base64ToString', 'value', base64ToString),
  defineFunction('decodeBase64', 'value', base64ToString),
  defineFunction('binary', 'value', (call) => binary(Buffer.from(call.text(0)))),
  defineFunction('dataUri', 'value', (call) => {
    return `data:text/plain;charset=utf-8;base64,${Buffer.from(call.text(0)).toString('base64')}`;
  }),
  defineFunction('dataUriToBinary', 'value', dataUriToBinary),
  defineFunction('decodeDataUri', 'value', dataUriToBinary),
  defineFunction('dataUriToString', 'value', (call) => call.read(0, readDataUri).bytes.toString()),
  defineFunction('uriComponent', 'value', uriComponent),
  defineFunction('encodeUriComponent', 'value', uriComponent),
  defineFunction('uriComponentToString', 'value', uriComponentToString),
  defineFunction('decodeUriComponent', 'value', uriComponentToString),
  defineFunction('uriComponentToBinary', 'value', (call) => binary(Buffer.from(uriComponentToString(call)))),
];

function binary(bytes: Buffer, contentType = OCTETS): BinaryValue {
  return { '$content-type': contentType, $content: bytes.toString('base64') };
}

function base64ToString(call: FunctionCall): string {
  return call.read(0, readBase64).toString();
}

function dataUriToBinary(call: FunctionCall): BinaryValue {
  const { bytes, contentType } = call.read(0, readDataUri);
  return binary(bytes, contentType);
}

/** Everything but letters, digits and `-._~` is escaped, as RFC 3986 has it. */
function uriComponent(call: FunctionCall): string {
  return encodeURIComponent(call.text(0).toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function uriComponentToString(call: FunctionCall): string {
  return unescapeUri(call.text(0));
}

/** What is no escape of UTF-8 text stays as it is. */
function unescapeUri(text: string): string {
  return text.replace(ESCAPED_CHAR, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch (error) {
      if (error instanceof URIError) return escapes;
      throw error;
    }
  });
}

const readBase64: Reader<Buffer> = (text) => {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return { problem: 'is not base64' };
  return { value: Buffer.from(digits, 'base64') };
};

const readDataUri: Reader<{ readonly bytes: Buffer; readonly contentType: string }> = (text) => {
  const { type, base64, data } = DATA_URI.exec(text.trim())?.groups ?? {};
  if (data === undefined) return { problem: 'is not a data URI' };
  const contentType = type === undefined || type === '' ? 'text/plain;charset=US-ASCII' : type;
  if (base64 === undefined) return { value: { bytes: Buffer.from(unescapeUri(data)), contentType } };
  const bytes = readBase64(data);
  return 'value' in bytes ? { value: { bytes: bytes.value, contentType } } : bytes;
};
