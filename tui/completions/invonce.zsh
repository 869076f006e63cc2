#compdef invonce

_invonce_fault() {
    if compset -P '*[@,]'; then
        _values -S = selector \
            'attempt[the Nth time this key is seen]' 'every[each Nth]' 'first[the first N]' \
            'p[with this probability]' 'endpoint[requests to this path]'
        return
    fi
    local -a plain valued
    plain=(drop-before drop-response reset-response truncate-response garble-response hang
        crash-before-commit crash-after-commit)
    valued=(delay-before-commit delay-after-commit status status-after-commit drip)
    _alternative "faults:fault:compadd -S '' -a plain" "faults:fault:compadd -S = -a valued"
}

_invonce() {
    local -a commands settings form
    commands=(
        'create:create invoices from a file, each exactly once'
        "outbox:invoices that aren't confirmed yet"
        'list:the invoices that the server has'
        'show:one of them, as the page that one prints'
        'config:the settings in force'
        'demo:the form with a mock server of its own'
    )
    settings=(
        '--server=[the server to create invoices on]:URL: '
        '--token=[who you are to it]:token: '
        '--token-file=[a file whose first line is the token]:file:_files'
        '--insecure[let the token travel over plain http beyond this machine]'
        '--connect-timeout=[how long to wait for a connection]:time: '
        "--attempt-timeout=[how long to wait for one attempt's answer]:time: "
        '--retry-budget=[how long to go on trying]:time: '
        '--in-flight=[how many records are sent at once]:number: '
        '--history=[how long the journal keeps what is settled]:time: '
        "--ca-file=[certificates to trust in place of the system's]:file:_files"
        '--lang=[the language of words for people]:language:(en pt_BR)'
        '(- *)--help[say how to call it]'
    )
    form=(
        '--prefill=[fill the form from a record in JSON]:file:_files -g "*.json(-.)"'
        '--recover[go on with a draft that was left behind]'
        '--plain[ask for the fields one by one, a line each]'
        '(- *)--version[say the version]'
    )

    if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
        _describe command commands
        return
    fi
    case $words[2] in
    create)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings \
            '--json[one JSON object a record]' \
            '--key=[the idempotency key of the only record]:key: ' \
            '--csv[the input is CSV, whatever its name]' \
            '--decimal-comma[in CSV, 1.234,50 is 1234.50]' \
            '--delimiter=[what stands between the cells of CSV]:character:(\; tab)' \
            ':file:_files -g "*.(json|jsonl|csv)(-.)"'
        ;;
    outbox)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings \
            '--json[one JSON object an intent]' \
            '--take-over[take over what was submitted with a token that was never named]' \
            "1:action:((list\:'show what is not settled' resume\:'send it again' seen\:'done with a refusal'))"
        ;;
    list)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings \
            '--since=[only what was issued on that day or later]:date: ' \
            '--until=[only what was issued on that day or earlier]:date: ' \
            "--customer=[only where the customer's name or e-mail holds this]:text: " \
            '--number=[only where the number holds this]:text: ' \
            '--json[one JSON object an invoice]' \
            '--csv[CSV]' \
            '--decimal-comma[in CSV, 1234.50 is 1234,50]' \
            '--delimiter=[what stands between the cells of CSV]:character:(\; tab)'
        ;;
    show)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings \
            '--json[one JSON object]' \
            '--text[the page, as it is without this, too]' \
            '1:number or id: '
        ;;
    config)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings '--json[one JSON object]'
        ;;
    demo)
        shift words
        (( CURRENT-- ))
        _arguments -s : $settings $form \
            '--play[a story plays in the form by itself]' \
            '--pace=[how many times as fast it plays]:number: ' \
            '*--fault=[a fault of the server]:rule:_invonce_fault' \
            '--bug=[plant a mistake]:name:(no-lock unlock-after=2s new-key-per-retry)' \
            '--without=[turn off a layer of the server]:layer:(unique idempotency)'
        ;;
    *)
        _arguments -s : $settings $form
        ;;
    esac
}

_invonce "$@"
