import type { Secret, SecretReference } from '@sluice/core';
import type { Dispatcher } from 'undici';
import * as z from 'zod';

import type { Auth } from '../auth/access-token.ts';

const milliseconds = (max: number) => z.int().min(1).max(max);

const certificates = z
  .string()
  .regex(
    /-----BEGIN CERTIFICATE-----/,
    'must be certificates in PEM form, which begin with -----BEGIN CERTIFICATE-----',
  );

/** How to reach an org and as whom. */
export const orgOptions = z
  .strictObject({
    environmentUrl: z.string().meta({
      description: 'My Domain of the org, such as https://acme.my.salesforce.com; http to a loopback address.',
    }),
    apiVersion: z.string().meta({ description: 'API version as text, such as 64.0; 47.0 or later.' }),
    clientId: z.string().min(1).optional().meta({ description: 'Consumer key of the connected app.' }),
    clientSecret: z
      .custom<Secret | SecretReference>(
        (value) => typeof value === 'object' && value !== null,
        'must be a secret or a reference to one',
      )
      .optional()
      .meta({ description: 'Consumer secret of the connected app: a secret or a reference to one.', secret: true }),
    auth: z
      .custom<Auth>((value) => typeof value === 'function', 'must be a function')
      .optional()
      .meta({ description: 'Yields a token, in place of clientId and clientSecret.' }),
    dispatcher: z
      .custom<Dispatcher>(isDispatcher, 'must be an undici dispatcher')
      .optional()
      .meta({ description: 'An undici dispatcher for every request. It must not follow redirects; it is not closed.' }),
    proxy: z
      .union([z.url(), z.literal(false)])
      .optional()
      .meta({
        description: 'URL of a proxy, or false for none. Default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
        secret: true,
      }),
    ca: z
      .union([certificates, z.array(certificates)])
      .default([])
      .meta({ description: 'Certificate authorities in PEM form, besides the ones Node trusts.' }),
    gzip: z.boolean().default(true).meta({ description: 'Ask for compressed responses.' }),
    connections: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Requests under way at once, for reading and for writing each. Default 8.' }),
    reserveApiCalls: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'API calls of the rolling 24 hours to leave to others; requests stop before them.' }),
    connectTimeoutMs: milliseconds(600_000)
      .default(30_000)
      .meta({ description: 'Bound on connecting, in milliseconds.' }),
    responseTimeoutMs: milliseconds(3_600_000)
      .default(300_000)
      .meta({ description: 'Bound on the wait for a response head, in milliseconds.' }),
    stallTimeoutMs: milliseconds(3_600_000)
      .default(120_000)
      .meta({ description: 'Bound on the wait for the next bytes of a body that is being read, in milliseconds.' }),
  })
  .refine(
    ({ auth, clientId, clientSecret }) =>
      (auth === undefined) === (clientId !== undefined && clientSecret !== undefined),
    {
      error: 'give either clientId and clientSecret, or auth',
    },
  );

export type OrgOptions = z.input<typeof orgOptions>;
export type ParsedOrgOptions = z.output<typeof orgOptions>;

function isDispatcher(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'request' in value && typeof value.request === 'function';
}
