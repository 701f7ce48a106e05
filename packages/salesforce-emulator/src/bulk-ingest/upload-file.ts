import { open, rm } from 'node:fs/promises';

import type { Body } from '../http/reply.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';

/** Four characters of base64 stand for three bytes. */
const BASE64_GROWTH = 4 / 3;

/**
 * Writes an upload to a file as it comes. It is there whole or not at all.
 *
 * @throws {ApiFault} when its base64 form has more than `mostBase64Bytes`.
 */
export async function receiveUpload(body: Body, path: string, mostBase64Bytes: number): Promise<void> {
  try {
    await using file = await open(path, 'wx');
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes * BASE64_GROWTH > mostBase64Bytes) throw new UnverifiedFault('oversizeUpload');
      await file.write(chunk);
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
