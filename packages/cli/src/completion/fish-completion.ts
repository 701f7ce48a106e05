import type { CommandWords } from './command-words.ts';

/** What fish is told to complete the command, with what each word means. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  return `# Completions of sluice for fish:  sluice completion fish | source
complete -c sluice -e
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ path, commands, options, choices }: CommandWords): readonly string[] {
  const names = commands.map(({ name }) => name);
  const isHere = condition(path, names);
  const here = `complete -c sluice -n ${quoted(isHere)}`;
  return [
    ...commands.map(({ name, summary }) => `${here} -f -a ${quoted(name)} -d ${quoted(summary)}`),
    ...(choices.length === 0 ? [] : [`${here} -f -a ${quoted(choices.join(' '))}`]),
    ...options.map(({ name, summary, takesValue, choices: values }) => {
      const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
      return `${here} -l ${quoted(name.slice(2))}${value} -d ${quoted(summary)}`;
    }),
  ];
}

/** The words of the command have been written, and none that would make it another. */
function condition(path: string, inner: readonly string[]): string {
  if (path === '') return '__fish_use_subcommand';
  const seen = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  const others = inner.length === 0 ? [] : [`not __fish_seen_subcommand_from ${inner.join(' ')}`];
  return [...seen, ...others].join('; and ');
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
