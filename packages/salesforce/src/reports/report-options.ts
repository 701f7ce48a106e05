import * as z from 'zod';

/** How a report is read. */
export const reportOptions = z.strictObject({
  truncated: z.enum(['error', 'allow']).default('error').meta({
    description:
      'What becomes of a report with more rows than the 2,000 an org gives: a failure, or a note and those rows.',
  }),
  columnNames: z.enum(['api', 'label']).default('api').meta({
    description: 'Columns are named as the API names them, or as the report shows them.',
  }),
  texts: z.enum(['label', 'value']).default('label').meta({
    description:
      'Columns of text hold what the report shows, or what is behind it: the id of a record in place of its name, the value of a picklist in place of its label.',
  }),
});

export type ReportOptions = z.input<typeof reportOptions>;
export type ParsedReportOptions = z.output<typeof reportOptions>;

/** Whether a text is an id as reports have one, in either length. */
export function isReportId(text: string): boolean {
  return /^00O[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?$/.test(text);
}
