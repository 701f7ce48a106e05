import type { ObjectInput } from '../org/org-definition.ts';
import type { CellInput, RecordInput } from '../org/org.ts';
import { seededRandom } from '../seeded-random.ts';

export const BENCH_OBJECT = 'Bench__c';

const STATUSES = ['New', 'Qualified', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost'];
const REGIONS = ['EMEA', 'AMER', 'APAC', 'LATAM'];
const SEGMENTS = ['Enterprise', 'Mid-Market', 'Small Business'];

/** Columns typed as in real objects: names, prose, picklists, money, coordinates, counts, dates. */
export const BENCH_DEFINITION: ObjectInput = {
  label: 'Benchmark',
  owned: false,
  fields: {
    Account_Name__c: { type: 'string', length: 120 },
    Description__c: { type: 'textarea', length: 2000 },
    Email__c: { type: 'email' },
    Phone__c: { type: 'phone' },
    Status__c: { type: 'picklist', picklistValues: STATUSES },
    Region__c: { type: 'picklist', picklistValues: REGIONS },
    Segment__c: { type: 'picklist', picklistValues: SEGMENTS },
    Amount__c: { type: 'currency', precision: 18, scale: 2 },
    List_Price__c: { type: 'currency', precision: 16, scale: 4 },
    Discount__c: { type: 'percent', precision: 5, scale: 2 },
    Latitude__c: { type: 'double', precision: 18, scale: 15 },
    Longitude__c: { type: 'double', precision: 18, scale: 15 },
    Quantity__c: { type: 'int' },
    Rank__c: { type: 'int' },
    Is_Active__c: { type: 'boolean' },
    Close_Date__c: { type: 'date' },
    Started_At__c: { type: 'datetime' },
  },
};

/** What the benchmark reads: 20 columns. */
export const BENCH_SOQL = `SELECT Id, Name, ${Object.keys(BENCH_DEFINITION.fields ?? {}).join(', ')}, SystemModstamp FROM ${BENCH_OBJECT}`;

const WORDS = (
  'renewal pipeline customer quarter shipment invoice contract regional discount approval integration migration ' +
  'forecast onboarding warranty logistics compliance café Zürich naïve größer 東京 support schedule delivery'
).split(' ');
const COMPANIES = ['Acme', 'Globex', 'Initech', 'Umbrella', 'Stark', 'Wayne', 'Hooli', 'Vandelay', 'Łódź Works'];
const FORMS = ['Inc.', 'LLC', 'GmbH', 'Holdings, Ltd.', 'S.A.', '& Sons'];
const PEOPLE = ['ana.silva', 'dana.ito', 'sam.okoro', 'lee.chen', 'zoe.martin', 'olaf.berg'];

const EPOCH_MS = Date.UTC(2020, 0, 1);
const SIX_YEARS_MS = 6 * 365 * 86_400_000;

/** As many records, the same for the same seed. Some cells are empty; some texts hold commas, quotes and line breaks. */
export function* benchRows(rows: number, seed: number): Iterable<RecordInput> {
  const random = seededRandom(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  const pick = (values: readonly string[]): string => values[upTo(values.length)] ?? '';
  const digits = (n: number): string => String(upTo(10 ** n)).padStart(n, '0');
  const mostly = (value: CellInput): CellInput => (random() < 0.06 ? null : value);
  const instant = (): Date => new Date(EPOCH_MS + upTo(SIX_YEARS_MS / 1000) * 1000);
  const prose = (): string => {
    const text = Array.from({ length: 6 + upTo(9) }, () => pick(WORDS)).join(' ');
    const kind = random();
    if (kind < 0.1) return `${text}, "${pick(WORDS)}", ${pick(WORDS)}`;
    return kind < 0.18 ? `${text}\n${pick(WORDS)} ${pick(WORDS)}` : text;
  };
  for (let row = 1; row <= rows; row += 1) {
    yield {
      Name: `BEN-${String(row).padStart(8, '0')}`,
      Account_Name__c: mostly(`${pick(COMPANIES)} ${pick(FORMS)}`),
      Description__c: mostly(prose()),
      Email__c: mostly(`${pick(PEOPLE)}.${digits(4)}@example.com`),
      Phone__c: mostly(`+1 ${digits(3)} ${digits(3)} ${digits(4)}`),
      Status__c: pick(STATUSES),
      Region__c: mostly(pick(REGIONS)),
      Segment__c: mostly(pick(SEGMENTS)),
      // From cents to tens of millions, which the wire shows in scientific notation.
      Amount__c: mostly(Math.round(10 ** (2 + random() * 7.5)) / 100),
      List_Price__c: mostly(upTo(99_999_999) / 10_000),
      Discount__c: mostly(upTo(10_000) / 100),
      Latitude__c: mostly(random() * 180 - 90),
      Longitude__c: mostly(random() * 360 - 180),
      Quantity__c: mostly(upTo(5000)),
      Rank__c: upTo(1_000_000),
      Is_Active__c: random() < 0.7,
      Close_Date__c: mostly(instant().toISOString().slice(0, 10)),
      Started_At__c: mostly(instant()),
      SystemModstamp: instant(),
    };
  }
}
