# bash completion for invonce-mock-server; the options are those that --help names.

# A fault rule: NAME[=VALUE][@SELECTOR[,SELECTOR]...]
_invonce_mock_server_fault()
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

_invonce_mock_server_store()
{
    if [[ $cur == sqlite:* ]]; then
        cur=${cur#sqlite:}
        _filedir
        [[ $COMP_WORDBREAKS == *:* ]] || COMPREPLY=("${COMPREPLY[@]/#/sqlite:}")
    else
        COMPREPLY=($(compgen -W 'sqlite: postgresql://' -- "$cur"))
        compopt -o nospace
    fi
}

_invonce_mock_server()
{
    local cur prev words cword split
    _init_completion -s -n :@ || return

    case $prev in
        --store)
            _invonce_mock_server_store
            return
            ;;
        --rejects | --tokens-file | --tls-cert | --tls-key | --deliver-*-file | --deliver-ca)
            _filedir
            return
            ;;
        --fault)
            _invonce_mock_server_fault
            return
            ;;
        --without)
            COMPREPLY=($(compgen -W 'unique idempotency' -- "$cur"))
            return
            ;;
        --bug)
            COMPREPLY=($(compgen -W 'check-then-store cache-5xx no-tenant first-body-wins no-lease' \
                -- "$cur"))
            return
            ;;
        --resource)
            COMPREPLY=($(compgen -W 'invoice' -- "$cur"))
            return
            ;;
        --log-format)
            COMPREPLY=($(compgen -W 'logfmt json' -- "$cur"))
            return
            ;;
        --listen | --token | --key-ttl | --in-progress-wait | --lease | --request-timeout | --max-* | --fault-seed | \
            --deliver | --deliver-timeout | --deliver-for | --tenant | --by | --source | --delimiter)
            return
            ;;
    esac
    $split && return

    local command=${words[1]}
    [[ $command == @(import|duplicates|deliveries) ]] || command=
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '$(_parse_help "$1" "$command --help")' -- "$cur"))
    elif ((cword == 1)); then
        COMPREPLY=($(compgen -W 'serve import duplicates deliveries' -- "$cur"))
    elif [[ $command == import ]]; then
        _filedir
    elif [[ $command == duplicates ]] && ((cword == 2)); then
        COMPREPLY=($(compgen -W 'find merge enforce undo' -- "$cur"))
    elif [[ $command == deliveries ]] && ((cword == 2)); then
        COMPREPLY=($(compgen -W 'list retry discard' -- "$cur"))
    fi
} && complete -F _invonce_mock_server invonce-mock-server
