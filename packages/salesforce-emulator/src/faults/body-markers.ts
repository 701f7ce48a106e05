/** Looks through a body chunk by chunk for the place it marks: the index in this chunk, once the place is there. */
export type BodyScanner = (chunk: Uint8Array) => number | undefined;

/** A place in a body. Each body is looked through by a scanner of its own. */
export type BodyMarker = () => BodyScanner;

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** The first byte of a character of several bytes is at least this; the bytes after it are below. */
const LEAD_BYTE = 0xc0;

/** After that many bytes; 0 is before the first. */
export function afterBytes(bytes: number): BodyMarker {
  return () => {
    let passed = 0;
    return (chunk) => {
      const at = bytes - passed;
      passed += chunk.length;
      return at <= chunk.length ? at : undefined;
    };
  };
}

/** After the line end of the header row and of that many rows; 0 is after the header row. */
export function afterRows(rows: number): BodyMarker {
  return byteMarker(() => {
    let isQuoted = false;
    let lines = 0;
    return (byte) => {
      if (byte === QUOTE) isQuoted = !isQuoted;
      if (byte === LINE_FEED && !isQuoted) lines += 1;
      return lines > rows;
    };
  });
}

/** Within the n-th cell that has something between its quotes, header cells included, after its first byte; n from 1. */
export function insideQuotedCell(n: number): BodyMarker {
  return byteMarker(() => {
    let isQuoted = false;
    let previous = 0;
    let beforePrevious = 0;
    let cells = 0;
    return (byte) => {
      // A quote that opens a cell follows no quote: that one would have been the first of an escaped pair.
      const isFirst = isQuoted && previous === QUOTE && beforePrevious !== QUOTE && byte !== QUOTE;
      if (isFirst) cells += 1;
      if (byte === QUOTE) isQuoted = !isQuoted;
      [beforePrevious, previous] = [previous, byte];
      return isFirst && cells === n;
    };
  });
}

/** Within the n-th character of more than one byte, after its first byte; n from 1. */
export function insideUtf8(n: number): BodyMarker {
  return byteMarker(() => {
    let characters = 0;
    return (byte) => {
      if (byte >= LEAD_BYTE) characters += 1;
      return byte >= LEAD_BYTE && characters === n;
    };
  });
}

/** After the first byte for which the predicate holds. */
function byteMarker(predicate: () => (byte: number) => boolean): BodyMarker {
  return () => {
    const holds = predicate();
    return (chunk) => {
      for (let index = 0; index < chunk.length; index += 1) if (holds(chunk[index]!)) return index + 1;
      return undefined;
    };
  };
}
