import { type Json, Secret, type SecretReference } from '@sluice/core';
import * as z from 'zod';

/** How to reach a database and as whom. */
export const postgresOptions = z.strictObject({
  host: z.string().min(1).meta({ description: 'Name or address of the server.' }),
  port: z.int().min(1).max(65_535).default(5432).meta({ description: 'Port of the server.' }),
  database: z.string().min(1).meta({ description: 'Name of the database.' }),
  user: z.string().min(1).meta({ description: 'Role to log in as.' }),
  password: z
    .custom<Secret | SecretReference>(
      (value) => typeof value === 'object' && value !== null,
      'must be a secret or a reference to one',
    )
    .optional()
    .meta({ description: 'Password of the role: a secret or a reference to one.', secret: true }),
  tls: z.enum(['verify', 'verify-ca', 'encrypt', 'prefer', 'off']).optional().meta({
    description:
      'verify: encrypted, certificate and name checked; verify-ca: whatever its name; encrypt: encrypted only; prefer: where the server offers it. Default: verify, and off to a loopback address.',
  }),
  clientCertificate: z
    .strictObject({
      certificate: z.string().min(1).meta({ description: 'Certificate of this client, in PEM form.' }),
      key: z.custom<Secret>(Secret.is, 'must be a secret').meta({ description: 'Its private key.', secret: true }),
      password: z
        .custom<Secret>(Secret.is, 'must be a secret')
        .optional()
        .meta({ description: 'Password of the key.', secret: true }),
    })
    .optional()
    .meta({ description: 'For servers that ask for one.' }),
  searchPath: z
    .string()
    .optional()
    .meta({ description: 'Schemas in which SQL finds names without one. Default: as the server has it.' }),
  timeZone: z.string().min(1).default('UTC').meta({ description: 'Time zone in which SQL makes dates of instants.' }),
  ca: z.string().optional().meta({ description: 'Certificate authorities in PEM form, besides the ones Node trusts.' }),
  connectTimeoutMs: z
    .int()
    .min(1)
    .max(600_000)
    .default(30_000)
    .meta({ description: 'Bound on connecting, in milliseconds.' }),
});

export type PostgresOptions = z.input<typeof postgresOptions>;
export type ParsedPostgresOptions = z.output<typeof postgresOptions>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\/.*)$/i;

export type TlsMode = NonNullable<ParsedPostgresOptions['tls']>;

export function tlsOf({ host, tls }: Pick<ParsedPostgresOptions, 'host' | 'tls'>): TlsMode {
  return tls ?? (LOOPBACK.test(host) ? 'off' : 'verify');
}

/** Where a database is, without who asks. */
export function placeOf({ host, port, database }: ParsedPostgresOptions): { readonly [name: string]: Json } {
  return { host, port, database };
}

/** Options of a source or sink as the JSON they are, without those left out. */
export function configOf(options: object): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(options).filter(isGiven));
}

function isGiven(entry: [string, unknown]): entry is [string, Json] {
  return entry[1] !== undefined;
}
