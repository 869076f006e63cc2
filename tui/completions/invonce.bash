# bash completion for invonce; the options are those that --help names.

# A fault rule: NAME[=VALUE][@SELECTOR[,SELECTOR]...]
_invonce_fault()
{
    local stem=${cur##*[@,]} breaks=${COMP_WORDBREAKS//[^=:@]/}
    local words='delay-before-commit= delay-after-commit= drop-before drop-response reset-response
        truncate-response garble-response status= status-after-commit= hang drip=
        crash-before-commit crash-after-commit'
    [[ $cur == *@* ]] && words='attempt= every= first= p= endpoint='
    COMPREPLY=($(compgen -P "${cur%"$stem"}" -W "$words" -- "$stem"))
    # readline keeps what stands before a character that breaks words.
    COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*["$breaks"]}"}"}")
    [[ ${COMPREPLY-} == *= ]] && compopt -o nospace
}

_invonce()
{
    local cur prev words cword split
    _init_completion -s -n :@ || return

    local command=
    ((cword > 1)) && [[ ${words[1]} == @(create|outbox|list|show|config|demo) ]] && command=${words[1]}
    case $prev in
        --prefill)
            _filedir json
            return
            ;;
        --token-file | --ca-file)
            _filedir
            return
            ;;
        --fault)
            _invonce_fault
            return
            ;;
        --bug)
            COMPREPLY=($(compgen -W 'no-lock unlock-after=2s new-key-per-retry' -- "$cur"))
            return
            ;;
        --without)
            COMPREPLY=($(compgen -W 'unique idempotency' -- "$cur"))
            return
            ;;
        --lang)
            COMPREPLY=($(compgen -W 'en pt_BR' -- "$cur"))
            return
            ;;
        --delimiter)
            COMPREPLY=($(compgen -W "\; tab" -- "$cur"))
            return
            ;;
        --since | --until | --customer | --number | --server | --token | --key | --pace | --*-timeout | --retry-budget | --in-flight | --history)
            return
            ;;
    esac
    $split && return

    if [[ $cur == -?* ]]; then
        COMPREPLY=($(compgen -W '$(_parse_help "$1" "$command --help") --help' -- "$cur"))
        # Those that --help names behind another one.
        [[ $command == @(create|outbox|list|show|config) ]] ||
            COMPREPLY+=($(compgen -W '--recover --version' -- "$cur"))
        [[ $command != demo ]] || COMPREPLY+=($(compgen -W '--plain' -- "$cur"))
    elif ((cword == 1)); then
        COMPREPLY=($(compgen -W 'create outbox list show config demo --help --version' -- "$cur"))
    elif [[ $command == outbox ]] && ((cword == 2)); then
        COMPREPLY=($(compgen -W 'list resume seen' -- "$cur"))
    elif [[ $command == create ]]; then
        _filedir '@(json|jsonl|csv)'
    fi
} && complete -F _invonce invonce
