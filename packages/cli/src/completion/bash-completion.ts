import type { CommandWords } from './command-words.ts';

/** What bash runs to complete the command: words where they are known, files where not. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `# Completions of sluice for bash:  source <(sluice completion bash)
_sluice() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
      ${paths.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -o default -F _sluice sluice
`;
}

/** After an option with a value: what is allowed, or nothing, which makes bash complete files. */
function valueCases({ path, options }: CommandWords): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ name, choices }) => {
      return `    ${quoted(`${path} ${name}`)}) ${choices.length === 0 ? '' : `${reply(choices)}; `}return ;;`;
    });
}

function commandCase({ path, commands, options, choices }: CommandWords): string {
  const words = [...commands.map(({ name }) => name), ...choices];
  const names = options.map(({ name }) => name);
  return `    ${quoted(path)})
      if [[ $current == -* ]]; then ${reply(names)}
      else ${reply(words)}; fi ;;`;
}

/** As the bash of macOS understands it, too. No word has blanks. */
function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$current"))`;
}

/** For a shell of the Bourne family. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
