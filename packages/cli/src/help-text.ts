export const PROGRAM_HELP = `
Examples:
  $ sluice explain accounts.yaml           what would be read, and as which types
  $ sluice copy accounts.yaml              copy it
  $ sluice runs                            what ran, and what can be resumed
  $ sluice run my-factory --pipeline Load  run a pipeline of Azure Data Factory
  $ sluice emulator                        an org to try things on

Exit codes:
  0    done
  1    failed
  2    what was asked for is wrong in itself: nothing was touched
  130  stopped by Ctrl-C (143: by SIGTERM)`;

export const COMMAND_HELP = {
  copy: `
The configuration says where from, where to and how:
  from:
    salesforce:
      environmentUrl: https://acme.my.salesforce.com
      apiVersion: '64.0'
      clientId: \${env:SF_CLIENT_ID}
      clientSecret: \${env:SF_SECRET}
      query: SELECT Id, Name FROM Account
  to:
    files: { root: ./out, path: accounts/, format: parquet }

Examples:
  $ sluice copy accounts.yaml
  $ sluice copy accounts.yaml --id accounts-2026-11-25
  $ sluice copy accounts.yaml --output json --quiet | jq .receipt.writtenRows

Ctrl-C stops the run and keeps what a resume needs; a second Ctrl-C stops at once.`,

  resume: `
A run goes on where it stopped, with the configuration it was started with. Of a
finished run the receipt is shown again.

Examples:
  $ sluice resume 20261125-134455-k7mq2x
  $ sluice resume nightly accounts.yaml`,

  abandon: `
What the run has started is ended and removed, such as query jobs and files not yet
in place; what it has committed stays. What could not be ended is listed.

Of a run of a pipeline, the copies that were under way when its process was killed are
ended; it takes the factory, and the places of secrets.

Examples:
  $ sluice abandon 20261125-134455-k7mq2x
  $ sluice abandon 1f0e9a3c-4b1d-4a53-9a0c-6f2f6ad1c001 my-factory --vault env`,

  runs: `
With --prune, nothing is kept any longer of runs that ended before that: neither their
receipts nor, of pipelines, what a rerun needs. What has not ended, or has left something
behind that abandoning it again may remove, stays.

Examples:
  $ sluice runs
  $ sluice runs --prune 30d
  $ sluice runs --output json | jq '.runs[] | select(.state == "unfinished") | .id'`,

  explain: `
Shows the SOQL that would be sent, the columns with their types, notes and an
estimate. Reads metadata only; no job is created and no file written.

Examples:
  $ sluice explain accounts.yaml
  $ sluice explain accounts.yaml --output json | jq .columns`,

  run: `
Runs the JSON of Azure Data Factory unchanged: the folder has linkedService/,
dataset/ and pipeline/. A value of a parameter is read by its declared type, arrays
and objects as JSON. With --output json, stdout gets the record of the run.

Examples:
  $ sluice run my-factory --pipeline Load
  $ sluice run my-factory --pipeline Load --parameter since=2026-01-31 --vault env:KV_
  $ sluice run my-factory --pipeline Load --output json --quiet | jq .status

Exit codes:
  0    the run succeeded
  1    it failed
  2    definitions or arguments are wrong in themselves: nothing was touched
  130  it was cancelled`,

  validate: `
Reads definitions only: nobody is asked and nothing is touched.

Examples:
  $ sluice validate my-factory
  $ sluice validate my-factory --strict --output json | jq '.problems[].message'`,

  'test-connection': `
An org has to give a token and answer; a folder has to be writable. Nothing is read.

Examples:
  $ sluice test-connection my-factory crm
  $ sluice test-connection my-factory crm --vault env:KV_ --parameter org=acme`,

  discover: `
Examples:
  $ sluice discover my-factory crm
  $ sluice discover my-factory crm --output json | jq -r '.readable[].name'`,

  preview: `
Reads with the reader of the copy: the same types, the same rounding, and how many
values were rounded.

Examples:
  $ sluice preview my-factory accounts --rows 5
  $ sluice preview my-factory accounts --query 'SELECT Id, Amount FROM Opportunity'`,

  emulator: `
Prints the address and the credentials; nothing leaves this machine.

Examples:
  $ sluice emulator
  $ sluice emulator --port 8080 --page-rows 1000
  $ sluice emulator --bench rows=500000,seed=1`,
} as const;
