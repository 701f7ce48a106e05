import type { DefinitionKind } from '@sluice/adf';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';

import { AUTHORING_HELP } from './authoring-help.ts';
import type { NewFlags } from './commands/new-command.ts';
import type { UpgradeFlags } from './commands/upgrade-command.ts';
import { SHELLS, type Shell } from './completion/shells.ts';
import { DATASET_TYPES, LINKED_SERVICE_TYPES } from './factory/definition-types.ts';
import type { Work } from './run-command.ts';

/** Adds the commands that write definitions and shell completions. */
export function addAuthoringCommands(program: Command, run: (work: Work) => Promise<void>): void {
  withVault(
    program
      .command('upgrade')
      .description('Rewrites what is of the legacy Salesforce connector.')
      .argument('<factory>', 'folder of the factory')
      .option('--write', 'change the files, instead of showing how')
      .option('--org <linkedService>', 'linked service of an org that is asked for reports by name', requireText)
      .option('--api-version <version>', 'API version for linked services that name none', requireText),
  )
    .addHelpText('after', AUTHORING_HELP.upgrade)
    .action((path: string, flags: UpgradeFlags) =>
      run(async (context) => (await import('./commands/upgrade-command.ts')).upgradeCommand(path, flags, context)),
    );

  const group = program
    .command('new')
    .description('Writes a new definition into a data factory.')
    .addHelpText('after', AUTHORING_HELP.new);
  addLinkedService(group, run);
  addDataset(group, run);
  addPipeline(group, run);

  program
    .command('completion')
    .description('Prints what makes a shell complete this command.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', AUTHORING_HELP.completion)
    .action((shell: Shell) =>
      run(async (context) =>
        (await import('./commands/completion-command.ts')).completionCommand(shell, program, context),
      ),
    );
}

type Run = (work: Work) => Promise<void>;

function addLinkedService(group: Command, run: Run): void {
  withVault(
    definitionCommand(
      group,
      'linked-service',
      'linkedService',
      'Where data is: an org, a database, a folder, or a vault.',
      run,
    )
      .addOption(new Option('--type <type>', 'type (default: SalesforceV2)').choices(LINKED_SERVICE_TYPES))
      .option('--environment-url <url>', "the org's own domain", requireText)
      .option('--client-id <key>', 'consumer key of the connected app', requireText)
      .option('--server <name>', 'server of the database, and its port', requireText)
      .option('--database <name>', 'name of the database', requireText)
      .option('--username <role>', 'role to log in as', requireText)
      .option('--secret-name <name>', 'name of its secret or password in the vault', requireText)
      .option('--secret-env <VARIABLE>', 'the environment variable of the secret, for --vault env', requireText)
      .option('--vault-service <name>', 'linked service of the vault (default: the only one)', requireText)
      .option('--api-version <version>', 'API version (default: 60.0)', requireText)
      .option('--host <folder>', 'folder that holds the files', requireText)
      .option('--base-url <url>', 'URL of the vault', requireText)
      .option('--test', 'test the connection of what was written'),
  );
}

function addDataset(group: Command, run: Run): void {
  definitionCommand(group, 'dataset', 'dataset', 'Which data: an object, a report, a table, or files.', run)
    .addOption(new Option('--type <type>', 'type (default: that of the org or the database)').choices(DATASET_TYPES))
    .option('--linked-service <name>', 'where the data is', requireText)
    .option('--object <name>', 'API name of the object', requireText)
    .option('--report-id <id>', 'id of the report', requireText)
    .option('--table <name>', 'name of the table', requireText)
    .option('--schema <name>', 'schema of the table (default: public)', requireText)
    .option('--folder-path <path>', 'folder, relative to that of the linked service')
    .option('--file-name <name>', 'name of the file (default: all of the folder)');
}

function addPipeline(group: Command, run: Run): void {
  definitionCommand(group, 'pipeline', 'pipeline', 'What to do: a copy from one dataset to another.', run)
    .option('--from <dataset>', 'dataset to read', requireText)
    .option('--to <dataset>', 'dataset to write', requireText)
    .option('--query <query>', 'SOQL or SQL, in place of the whole object or table', requireText);
}

function definitionCommand(
  group: Command,
  name: 'linked-service' | 'dataset' | 'pipeline',
  kind: DefinitionKind,
  summary: string,
  run: Run,
): Command {
  return group
    .command(name)
    .description(summary)
    .argument('<factory>', 'folder of the factory')
    .argument('<name>', 'name of what is to be written')
    .addHelpText('after', AUTHORING_HELP[name])
    .action((path: string, definition: string, flags: NewFlags) =>
      run(async (context) =>
        (await import('./commands/new-command.ts')).newCommand(kind, path, definition, flags, context),
      ),
    );
}

function withVault(command: Command): Command {
  return command.option(
    '--vault <place>',
    'where secrets of vaults are: env, env:PREFIX_, folder:<path>, azure (default)',
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), requireText(value)],
  );
}

function requireText(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}
