import type * as z from 'zod';

import { ApiFault } from './api-fault.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { UnverifiedFault } from './unverified-errors.ts';

/** @throws {ApiFault} 415 when the body is not said to be JSON, 400 when it is not as the schema says. */
export async function readJsonBody<Output>(request: IncomingRequest, schema: z.ZodType<Output>): Promise<Output> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiFault(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json');
  }
  return parseJsonBody(await request.text(), schema);
}

/** @throws {ApiFault} 400. */
export function parseJsonBody<Output>(text: string, schema: z.ZodType<Output>): Output {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnverifiedFault('badBody');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UnverifiedFault('badBody', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
