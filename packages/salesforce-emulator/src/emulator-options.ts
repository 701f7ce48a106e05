import * as z from 'zod';

import { LOGIN_REFUSALS, type LoginRefusal } from './auth/login-refusal.ts';
import { ingestOptions } from './bulk-ingest/ingest-options.ts';
import { UNVERIFIED_ERRORS, type UnverifiedError } from './http/unverified-errors.ts';
import { DEFAULT_QUOTAS } from './rest/quotas.ts';

// Options marked `unverified` stand for behaviour that varies between recordings, or that nobody has recorded; the
// default of each is what most evidence points to.

const DAY_MS = 86_400_000;
const delayMs = z.number().min(0);
// The keys of an object literal are its key type's.
const loginRefusal = z.enum(Object.keys(LOGIN_REFUSALS) as [LoginRefusal, ...LoginRefusal[]]);

const unverifiedError = z.enum(Object.keys(UNVERIFIED_ERRORS) as [UnverifiedError, ...UnverifiedError[]]);

const errorShape = z.strictObject({
  status: z.int().min(400).max(599).optional(),
  errorCode: z.string().optional(),
  message: z.string().optional(),
});

const login = z.strictObject({
  refuse: loginRefusal.optional().meta({ description: 'Every login is refused with this.' }),
  loginHosts: z
    .array(z.string().toLowerCase())
    .default(['login.salesforce.com', 'test.salesforce.com'])
    .meta({ description: 'Values of `Host` that refuse the client credentials flow.' }),
  wrongSecretStatus: z
    .union([z.literal(400), z.literal(401)])
    .default(400)
    .meta({ unverified: true, description: 'Status of `invalid_client`.' }),
  minimalToken: z
    .boolean()
    .default(false)
    .meta({ unverified: true, description: 'The token comes without `scope` and `token_type`.' }),
});

const session = z.strictObject({
  ttlMs: z.number().min(1).default(7_200_000).meta({ description: 'A token dies after that long without use.' }),
  maxCalls: z.int().min(0).optional().meta({ description: 'A token dies after that many calls.' }),
});

const clock = z.strictObject({
  startMs: z.number().optional().meta({ description: 'What the clock shows at first; default: the present.' }),
  frozen: z.boolean().default(false).meta({ description: 'The clock stands still, but for `clock.advance(ms)`.' }),
});

const query = z.strictObject({
  batchRows: z.int().min(1).max(2000).default(2000).meta({ description: 'Rows per page of a REST query.' }),
  cursorTtlMs: z
    .number()
    .min(0)
    .default(2 * DAY_MS)
    .meta({ unverified: true, description: 'A query locator dies after that long.' }),
});

const jobs = z.strictObject({
  queuedMs: delayMs.default(0).meta({ description: 'Time in `UploadComplete`.' }),
  runningMs: delayMs.default(0).meta({ description: 'Time in `InProgress`.' }),
  hold: z.boolean().default(false).meta({ description: 'Jobs move on by `job.tick()` alone.' }),
  skipInProgress: z.boolean().default(false).meta({ description: 'A poll may see `JobComplete` right away.' }),
  badSoql: z.enum(['refuse', 'refuseAsApiError', 'failJob']).default('refuse').meta({
    unverified: true,
    description: 'Unknown names and malformed SOQL: 400 with a code of their own, 400 `API_ERROR`, or a failed job.',
  }),
  countersWhileRunning: z
    .enum(['zero', 'absent'])
    .default('zero')
    .meta({ unverified: true, description: '`numberRecordsProcessed` before `JobComplete`.' }),
  chunkingFact: z
    .boolean()
    .default(true)
    .meta({ unverified: true, description: '`isPkChunkingSupported` is part of the status.' }),
  retentionMs: z
    .number()
    .min(0)
    .default(7 * DAY_MS)
    .meta({ description: 'A job and its results are gone that long after its end.' }),
  listRows: z.int().min(1).max(1000).default(1000).meta({ description: 'Jobs per page of the list.' }),
});

const results = z.strictObject({
  pageRows: z
    .int()
    .min(1)
    .default(50_000)
    .meta({ unverified: true, description: 'Most rows per page, whatever `maxRecords` says.' }),
  parallelPages: z
    .enum(['resultPages', 'resultChunks', 'absent'])
    .default('resultPages')
    .meta({ unverified: true, description: 'The shape of the links to result pages; `absent`: 404.' }),
  continuationKey: z
    .enum(['nextRecordsUrl', 'nextRecordUrl', 'both'])
    .default('nextRecordsUrl')
    .meta({ unverified: true, description: 'How that list spells its continuation.' }),
  locatorForm: z.enum(['resultSet', 'offset']).default('resultSet').meta({
    unverified: true,
    description: 'Locators hold a result set and a place, or, as in older recordings, an offset.',
  }),
  headerNames: z
    .enum(['api', 'select'])
    .default('api')
    .meta({ unverified: true, description: 'The header row has the names of describe, or as the SELECT spells them.' }),
  namespace: z
    .string()
    .regex(/^[A-Za-z]\w*$/)
    .optional()
    .meta({ unverified: true, description: 'Custom names in the header row carry this prefix.' }),
  integers: z
    .enum(['digits', 'double'])
    .default('digits')
    .meta({ unverified: true, description: '`double`: ints read `5.0`, and `1.0E7` from ten million up.' }),
  emptyBody: z
    .boolean()
    .default(false)
    .meta({ unverified: true, description: 'A result without rows has no header row either.' }),
  pageTimeoutMs: z
    .number()
    .min(1)
    .default(1_200_000)
    .meta({ description: 'A page that takes longer to fetch is cut off.' }),
});

const reports = z.strictObject({
  locale: z.string().default('en-US').meta({ description: 'The language that labels of reports are written in.' }),
  permitted: z.boolean().default(true).meta({ description: 'The user may run reports ("Run Reports").' }),
  queuedMs: delayMs.default(0).meta({ description: 'Time a run that is fetched later is `New`.' }),
  runningMs: delayMs.default(0).meta({ description: 'Time it is `Running`.' }),
});

/** What an emulator does where Salesforce's behaviour varies or is not known. Every default is the recommended one. */
export const emulatorOptionsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).default(0).meta({ description: 'On 127.0.0.1; 0: the system picks one.' }),
  clientId: z.string().min(1).optional().meta({ description: 'Consumer key; default: a random one.' }),
  clientSecret: z.string().min(1).optional().meta({ description: 'Consumer secret; default: a random one.' }),
  firstVersion: z.int().min(8).default(31).meta({ description: 'Earlier API versions are retired (410).' }),
  lastVersion: z.int().max(999).default(67).meta({ description: 'Later API versions are unknown (404).' }),
  gzip: z.boolean().default(true).meta({ description: 'Bodies are compressed for clients that ask for it.' }),
  viewSetup: z
    .boolean()
    .default(true)
    .meta({ description: 'The user may read `/limits` ("View Setup and Configuration").' }),
  quotas: z
    .record(z.string(), z.int().min(0))
    .default({})
    .transform((given) => ({ ...DEFAULT_QUOTAS, ...given }))
    .meta({ description: 'Entries of `/limits`: their maximum.' }),
  loggedRequests: z.int().min(1).default(100_000).meta({ description: 'Requests the log keeps, the newest ones.' }),
  errors: z.partialRecord(unverifiedError, errorShape).default({}).meta({
    unverified: true,
    description: 'Other shapes for refusals that nobody has recorded; their names are below.',
  }),
  login: login.prefault({}),
  session: session.prefault({}),
  clock: clock.prefault({}),
  query: query.prefault({}),
  jobs: jobs.prefault({}),
  results: results.prefault({}),
  ingest: ingestOptions.prefault({}),
  reports: reports.prefault({}),
});

export type EmulatorOptions = z.input<typeof emulatorOptionsSchema>;
export type EmulatorSettings = z.output<typeof emulatorOptionsSchema>;
