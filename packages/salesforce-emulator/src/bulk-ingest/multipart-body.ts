import { UnverifiedFault } from '../http/unverified-errors.ts';

/** The boundary of a `multipart/form-data` body, or undefined when the header names another type. */
export function multipartBoundary(contentType: string | undefined): string | undefined {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/** The parts of a body by their name. Line ends around boundaries and headers may be CRLF or, as often sent, LF. */
export function parseMultipart(text: string, boundary: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const [, ...pieces] = `\n${text}`.split(`\n--${boundary}`);
  const last = pieces.pop();
  if (last === undefined || !last.startsWith('--')) throw new UnverifiedFault('badBody', 'The last part has no end');
  for (const piece of pieces) {
    const match = /^[ \t]*(\r?)\n((?:[^\r\n]+\r?\n)*)\r?\n([^]*)$/.exec(piece);
    const [, carriageReturn = '', headers = '', body = ''] = match ?? [];
    const name = /^content-disposition:.*?\bname="?([^";\r\n]+)/im.exec(headers)?.[1];
    if (name === undefined) throw new UnverifiedFault('badBody', 'A part has no name');
    // The line end before a boundary belongs to the boundary.
    parts.set(name, carriageReturn !== '' && body.endsWith('\r') ? body.slice(0, -1) : body);
  }
  return parts;
}
