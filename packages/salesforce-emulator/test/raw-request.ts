import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawResponse {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** As transferred, and as much as came. */
  readonly body: Buffer;
  /** Whether the body came to its announced end. */
  readonly isComplete: boolean;
}

/** A GET whose body is taken as it comes: not decoded, and kept when the connection is cut. */
export async function rawRequest(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawResponse> {
  return await new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => {});
      response.on('close', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, body, isComplete: response.complete });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
