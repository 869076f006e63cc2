# Prints what the installed completions offer at the end of a line, one a line: an interactive zsh is
# started, the line is typed into it, and Tab pressed; compadd tells what it would have shown.
# usage: zsh -f offers.zsh PREFIX LINE
zmodload zsh/zpty
setup='
fpath=('${(q)1}'/share/zsh/site-functions $fpath)
autoload -Uz compinit && compinit -u -d "$HOME/zcompdump"
bindkey "^I" complete-word
zstyle ":completion:*" insert-tab false
before() { print -r -- "<<<" }
after() { print -r -- ">>>"; exit }
compprefuncs=(before)
comppostfuncs=(after)
compadd() {
    case ${@[1,(i)(-|--)]} in
        *-[OAD]\ *) builtin compadd "$@"; return ;;
    esac
    local -a hits
    builtin compadd -A hits "$@"
    (( $#hits )) && print -rl -- "offer:"$^hits
    builtin compadd "$@"
}
zle-line-init() { print -r -- READY }
zle -N zle-line-init
'
print -r -- $setup >setup
zpty shell zsh -f -i
zpty -w shell 'source ./setup'
zpty -r shell said '*READY*'
zpty -w -n shell $2$'\t'
zpty -r shell said '*>>>*'
print -r -- ${said//$'\r'} | sed -n 's/^.*offer://p'
