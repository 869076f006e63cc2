# fish completion for invonce-mock-server

# A fault rule: NAME[=VALUE][@SELECTOR[,SELECTOR]...]
function __invonce_mock_server_fault
    set -l typed (commandline -ct | string replace -r '^--fault=' '')
    if string match -q '*@*' -- $typed
        printf '%s\n' (string match -r '.*[@,]' -- $typed){attempt=,every=,first=,p=,endpoint=}
    else
        printf '%s\n' delay-before-commit= delay-after-commit= drop-before drop-response \
            reset-response truncate-response garble-response status= status-after-commit= hang \
            drip= crash-before-commit crash-after-commit
    end
end

function __invonce_mock_server_store
    set -l typed (commandline -ct | string replace -r '^--store=' '')
    if string match -q 'sqlite:*' -- $typed
        set -l files (__fish_complete_path (string sub -s 8 -- $typed) | string replace -r '\t.*' '')
        printf '%s\n' sqlite:$files
    else
        printf '%s\n' sqlite: postgresql://
    end
end

complete -c invonce-mock-server -f
complete -c invonce-mock-server -n __fish_is_first_token -a serve -d 'Serve'
complete -c invonce-mock-server -n __fish_is_first_token -a import -d 'Take over records of another system'
complete -c invonce-mock-server -n __fish_is_first_token -a duplicates -d 'Clean up what is there twice'
complete -c invonce-mock-server -n '__fish_seen_subcommand_from duplicates; and not __fish_seen_subcommand_from find merge enforce undo' \
    -a 'find merge enforce undo'
complete -c invonce-mock-server -n '__fish_seen_subcommand_from import' -F
complete -c invonce-mock-server -n __fish_is_first_token -a deliveries -d 'Show and mend what is on its way'
complete -c invonce-mock-server -n '__fish_seen_subcommand_from deliveries; and not __fish_seen_subcommand_from list retry discard' \
    -a 'list retry discard'
complete -c invonce-mock-server -l listen -x -d 'Where to listen'
complete -c invonce-mock-server -l store -x -d 'Where the records are kept' \
    -a '(__invonce_mock_server_store)'
complete -c invonce-mock-server -l partitions -x -d 'Partition a new store by tenant'
complete -c invonce-mock-server -l token -x -d 'A bearer token and whom it speaks for'
complete -c invonce-mock-server -l tokens-file -rF -d 'A file of such lines'
complete -c invonce-mock-server -l tls-cert -rF -d 'Serve HTTPS with this certificate chain'
complete -c invonce-mock-server -l tls-key -rF -d "The certificate's key"
complete -c invonce-mock-server -l behind-proxy -d 'A proxy on the way speaks TLS'
complete -c invonce-mock-server -l key-ttl -x -d 'How long the reply to a key is kept'
complete -c invonce-mock-server -l in-progress-wait -x -d 'How long a second request waits'
complete -c invonce-mock-server -l lease -x -d 'When a key in progress may be taken over'
complete -c invonce-mock-server -l request-timeout -x -d 'How long a request may take to arrive'
complete -c invonce-mock-server -l max-connections -x -d 'How many connections there may be'
complete -c invonce-mock-server -l max-per-address -x -d 'How many from one address'
complete -c invonce-mock-server -l max-queue -x -d 'How many creates may wait'
complete -c invonce-mock-server -l fault -x -d 'Go wrong on purpose' \
    -a '(__invonce_mock_server_fault)'
complete -c invonce-mock-server -l faults-api -d 'Let rules be changed while running'
complete -c invonce-mock-server -l fault-seed -x -d 'For the selector p'
complete -c invonce-mock-server -l without -x -d 'Take one layer away' -a 'unique idempotency'
complete -c invonce-mock-server -l bug -x -d 'Plant a mistake' \
    -a 'check-then-store cache-5xx no-tenant first-body-wins no-lease'
complete -c invonce-mock-server -l deliver -x -d 'Post what is created to this address'
complete -c invonce-mock-server -l deliver-token-file -rF -d 'A bearer token for there'
complete -c invonce-mock-server -l deliver-secret-file -rF -d 'The secret that signs each post'
complete -c invonce-mock-server -l deliver-ca -rF -d 'Trust these authorities there'
complete -c invonce-mock-server -l deliver-timeout -x -d 'How long one post may take'
complete -c invonce-mock-server -l deliver-for -x -d 'How long an event is tried'
complete -c invonce-mock-server -l log-format -x -d 'The format of the log' -a 'logfmt json'
complete -c invonce-mock-server -l tenant -x -d 'Whose records'
complete -c invonce-mock-server -l resource -x -d 'Of which resource' -a invoice
complete -c invonce-mock-server -l json -d 'Print JSON'
complete -c invonce-mock-server -l by -x -d 'Who does this'
complete -c invonce-mock-server -l dry-run -d 'Say what would be done'
complete -c invonce-mock-server -l source -x -d 'What the ids are ids of'
complete -c invonce-mock-server -l csv -d 'The file is CSV'
complete -c invonce-mock-server -l decimal-comma -d '1.234,50 is 1234.50'
complete -c invonce-mock-server -l delimiter -x -d 'What stands between cells'
complete -c invonce-mock-server -l rejects -rF -d 'Where what is rejected goes'
complete -c invonce-mock-server -l take-lines -d 'Take over lines that are missing'
complete -c invonce-mock-server -l all-parked -d 'Of deliveries: all that are parked'
complete -c invonce-mock-server -l help -d 'Say how to call it'
complete -c invonce-mock-server -l version -d 'Say the version'
