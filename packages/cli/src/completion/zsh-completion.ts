import { quoted } from './bash-completion.ts';
import type { CommandWords, NamedText } from './command-words.ts';

/** What zsh runs to complete the command, with what each word means. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `#compdef sluice
# Completions of sluice for zsh:  source <(sluice completion zsh), after compinit
_sluice() {
  local command= word
  local -a described
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
      ${paths.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command \${words[CURRENT-1]}" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
  (( \${#described} )) && _describe -t words sluice described && return
  [[ \${words[CURRENT]} == -* ]] || _files
}
compdef _sluice sluice
`;
}

function valueCases({ path, options }: CommandWords): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ name, choices }) => {
      const add = choices.length > 0 ? `compadd -- ${choices.map(quoted).join(' ')}` : '_files';
      return `    ${quoted(`${path} ${name}`)}) ${add}; return ;;`;
    });
}

function commandCase({ path, commands, options, choices }: CommandWords): string {
  const words = [...commands, ...choices.map((name) => ({ name, summary: '' }))];
  return `    ${quoted(path)})
      if [[ \${words[CURRENT]} == -* ]]; then described=(${described(options)})
      else described=(${described(words)}); fi ;;`;
}

function described(words: readonly NamedText[]): string {
  return words
    .map(({ name, summary }) => quoted(summary === '' ? name : `${name.replaceAll(':', String.raw`\:`)}:${summary}`))
    .join(' ');
}
