// Each script asks `sailwright __complete` with the words so far, and completes files where there is no answer.

const BASH = `# bash completion of sailwright
_sailwright() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}"
  local line="\${COMP_LINE:0:COMP_POINT}"
  # The words as they are written: bash takes = and : for ends of words.
  local -a words
  IFS=$' \\t' read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${words[@]:1}" 2>/dev/null))
  local last="\${words[\${#words[@]}-1]}"
  if [[ "$last" == --*=* ]]; then COMPREPLY=("\${COMPREPLY[@]#*=}"); fi
}
complete -o default -F _sailwright sailwright
`;

const ZSH = `#compdef sailwright
_sailwright() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  candidates=(\${candidates:#})
  if (( \${#candidates} )); then
    compadd -- "\${candidates[@]}"
  else
    [[ "\${words[CURRENT]}" == --*=* ]] && compset -P '*='
    _files
  fi
}
compdef _sailwright sailwright
`;

const FISH = `# fish completion of sailwright
function __sailwright_candidates
  set -l words (commandline -opc) (commandline -ct)
  # Both rules below ask, for each line.
  if test "$words" != "$__sailwright_words"
    set -g __sailwright_words $words
    set -g __sailwright_found ($words[1] __complete -- $words[2..-1] 2>/dev/null)
  end
  string join \\n -- $__sailwright_found
end
complete -c sailwright -f -n 'count (__sailwright_candidates) >/dev/null' -a '(__sailwright_candidates)'
complete -c sailwright -F -n 'not count (__sailwright_candidates) >/dev/null'
`;

/** The script for each shell. */
export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
