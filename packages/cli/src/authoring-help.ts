export const AUTHORING_HELP = {
  upgrade: `
Shows as a diff how definitions of the legacy Salesforce connector are written for
the current one; --write changes the files. Layout and comments stay, but for comments
in what is replaced. What has no single rewrite stays as it is and is listed, and texts
in angle brackets are to be filled in. Reports that queries call by name are looked up
in the org of --org. Secrets are not shown.

Examples:
  $ sluice upgrade my-factory
  $ sluice upgrade my-factory --write
  $ sluice upgrade my-factory --org crm --vault env:KV_ --write
  $ sluice upgrade my-factory --output json | jq -r '.gaps[].message'`,

  new: `
Writes a definition into a factory, after it has been checked among the others. What
options leave open is asked for at a terminal. Nothing is ever replaced.

Examples:
  $ sluice new linked-service my-factory crm
  $ sluice new dataset my-factory accounts --linked-service crm --object Account
  $ sluice new pipeline my-factory Load --from accounts --to lake-accounts`,

  'linked-service': `
A secret is never written: its name in a vault is. With --vault env, the command that
uses the linked service takes it from the environment, sf-secret from SF_SECRET.

Examples:
  $ sluice new linked-service my-factory lake --type FileServer --host ../out
  $ sluice new linked-service my-factory vault --type AzureKeyVault \\
      --base-url https://acme.vault.azure.net
  $ sluice new linked-service my-factory warehouse --type AzurePostgreSql \\
      --server db.example.com --database crm --username loader --secret-env PG_PASSWORD
  $ sluice new linked-service my-factory crm --environment-url https://acme.my.salesforce.com \\
      --client-id <consumer key> --secret-env SF_SECRET --test --vault env`,

  dataset: `
Examples:
  $ sluice new dataset my-factory accounts --linked-service crm --object Account
  $ sluice new dataset my-factory pipeline-by-stage --linked-service crm --report-id 00O5g000004XyzAEAS
  $ sluice new dataset my-factory account-table --linked-service warehouse --table account
  $ sluice new dataset my-factory lake-accounts --type Parquet --linked-service lake \\
      --folder-path raw --file-name accounts.parquet`,

  pipeline: `
The pipeline copies from one dataset to another.

Examples:
  $ sluice new pipeline my-factory Load --from accounts --to lake-accounts
  $ sluice new pipeline my-factory LoadNames --from accounts --to lake-accounts \\
      --query 'SELECT Id, Name FROM Account'`,

  completion: `
Examples:
  $ source <(sluice completion bash)     in ~/.bashrc
  $ source <(sluice completion zsh)      in ~/.zshrc, after compinit
  $ sluice completion fish | source      in ~/.config/fish/config.fish`,
} as const;
