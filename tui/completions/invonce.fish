# fish completion for invonce

# A fault rule: NAME[=VALUE][@SELECTOR[,SELECTOR]...]
function __invonce_fault
    set -l typed (commandline -ct | string replace -r '^--fault=' '')
    if string match -q '*@*' -- $typed
        printf '%s\n' (string match -r '.*[@,]' -- $typed){attempt=,every=,first=,p=,endpoint=}
    else
        printf '%s\n' delay-before-commit= delay-after-commit= drop-before drop-response \
            reset-response truncate-response garble-response status= status-after-commit= hang \
            drip= crash-before-commit crash-after-commit
    end
end

set -l no_command 'not __fish_seen_subcommand_from create outbox list show config demo'
set -l form 'not __fish_seen_subcommand_from create outbox list show config'
set -l create '__fish_seen_subcommand_from create'
set -l outbox '__fish_seen_subcommand_from outbox'
set -l list '__fish_seen_subcommand_from list; and not __fish_seen_subcommand_from outbox'
set -l show '__fish_seen_subcommand_from show'
set -l demo '__fish_seen_subcommand_from demo'

complete -c invonce -f
complete -c invonce -n $no_command -a create -d 'Create invoices from a file'
complete -c invonce -n $no_command -a outbox -d "Invoices that aren't confirmed yet"
complete -c invonce -n $no_command -a list -d 'The invoices that the server has'
complete -c invonce -n $no_command -a show -d 'One of them, as the page that one prints'
complete -c invonce -n $no_command -a config -d 'The settings in force'
complete -c invonce -n $no_command -a demo -d 'The form with a mock server of its own'
complete -c invonce -n $create -k -a '(__fish_complete_suffix .json .jsonl .csv)'
complete -c invonce -n "$outbox; and not __fish_seen_subcommand_from list resume seen" \
    -a list -d "Show what isn't settled"
complete -c invonce -n "$outbox; and not __fish_seen_subcommand_from list resume seen" \
    -a resume -d 'Send it again'
complete -c invonce -n "$outbox; and not __fish_seen_subcommand_from list resume seen" \
    -a seen -d 'Done with a refusal'

complete -c invonce -n $create -l key -x -d 'The idempotency key of the only record'
complete -c invonce -n $list -l since -x -d 'Only what was issued on that day or later'
complete -c invonce -n $list -l until -x -d 'Only what was issued on that day or earlier'
complete -c invonce -n $list -l customer -x -d "Only where the customer's name or e-mail holds this"
complete -c invonce -n $list -l number -x -d 'Only where the number holds this'
complete -c invonce -n $create -l csv -d 'The input is CSV, whatever its name'
complete -c invonce -n $list -l csv -d 'CSV'
complete -c invonce -n "__fish_seen_subcommand_from create list" -l decimal-comma -d 'In CSV, 1234.50 is 1234,50'
complete -c invonce -n "__fish_seen_subcommand_from create list" -l delimiter -x -d 'What stands between the cells of CSV' -a '\; tab'
complete -c invonce -n $show -l text -d 'The page, as it is without this, too'
complete -c invonce -n "__fish_seen_subcommand_from create outbox list show config" -l json -d 'JSON, for programs'
complete -c invonce -n "$outbox; and __fish_seen_subcommand_from resume" -l take-over \
    -d 'Take over what was submitted with a token that was never named'
complete -c invonce -n $form -l prefill -rF -d 'Fill the form from a record in JSON'
complete -c invonce -n $form -l recover -d 'Go on with a draft that was left behind'
complete -c invonce -n $form -l plain -d 'Ask for the fields one by one, a line each'
complete -c invonce -n $demo -l play -d 'A story plays in the form by itself'
complete -c invonce -n $demo -l pace -x -d 'How many times as fast it plays'
complete -c invonce -n $demo -l bug -x -d 'Plant a mistake' \
    -a 'no-lock unlock-after=2s new-key-per-retry'
complete -c invonce -n $demo -l without -x -d 'Turn off a layer of the server' \
    -a 'unique idempotency'
complete -c invonce -n $demo -l fault -x -d 'A fault of the server' \
    -a '(__invonce_fault)'

complete -c invonce -l server -x -d 'The server to create invoices on'
complete -c invonce -l token -x -d 'Who you are to it'
complete -c invonce -l token-file -rF -d 'A file whose first line is the token'
complete -c invonce -l insecure -d 'Let the token travel over plain http'
complete -c invonce -l connect-timeout -x -d 'How long to wait for a connection'
complete -c invonce -l attempt-timeout -x -d "How long to wait for one attempt's answer"
complete -c invonce -l retry-budget -x -d 'How long to go on trying'
complete -c invonce -l in-flight -x -d 'How many records are sent at once'
complete -c invonce -l history -x -d 'How long the journal keeps what is settled'
complete -c invonce -l ca-file -rF -d "Certificates to trust in place of the system's"
complete -c invonce -l lang -x -d 'The language of words for people' -a 'en pt_BR'
complete -c invonce -l help -d 'Say how to call it'
complete -c invonce -n $form -l version -d 'Say the version'
