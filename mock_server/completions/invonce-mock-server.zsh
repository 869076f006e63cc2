#compdef invonce-mock-server

_invonce_mock_server_fault() {
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

_invonce_mock_server_store() {
    if compset -P 'sqlite:'; then
        _files
    else
        compadd -S '' sqlite: postgresql://
    fi
}

_invonce_mock_server_operand() {
    case $line[1] in
        duplicates) compadd find merge enforce undo ;;
        deliveries) compadd list retry discard ;;
        import) _files ;;
    esac
}

_arguments -s : \
    '--listen=[where to listen]:HOST\:PORT: ' \
    '--store=[where the records are kept]:store:_invonce_mock_server_store' \
    '--partitions=[partition a new store by tenant]:number: ' \
    '*--token=[a bearer token and whom it speaks for]:TENANT\:USER=TOKEN: ' \
    '*--tokens-file=[a file of such lines]:file:_files' \
    '--tls-cert=[serve HTTPS with this certificate chain]:file:_files' \
    "--tls-key=[the certificate's key]:file:_files" \
    '--behind-proxy[a proxy on the way speaks TLS]' \
    '--key-ttl=[how long the reply to a key is kept]:duration: ' \
    '--in-progress-wait=[how long a second request waits for the first]:duration: ' \
    '--lease=[when a key in progress may be taken over]:duration: ' \
    '--request-timeout=[how long a request may take to arrive]:duration: ' \
    '--max-connections=[how many connections there may be]:number: ' \
    '--max-per-address=[how many from one address]:number: ' \
    '--max-queue=[how many creates may wait]:number: ' \
    '*--fault=[go wrong on purpose]:rule:_invonce_mock_server_fault' \
    '--faults-api[let rules be changed while running]' \
    '--fault-seed=[for the selector p]:number: ' \
    '*--without=[take one layer away]:layer:(unique idempotency)' \
    '--bug=[plant a mistake]:name:(check-then-store cache-5xx no-tenant first-body-wins no-lease)' \
    '--deliver=[post what is created to this address]:URL: ' \
    '--deliver-token-file=[a bearer token for there]:file:_files' \
    '--deliver-secret-file=[the secret that signs each post]:file:_files' \
    '--deliver-ca=[trust these authorities there]:file:_files' \
    '--deliver-timeout=[how long one post may take]:duration: ' \
    '--deliver-for=[how long an event is tried]:duration: ' \
    '--log-format=[the format of the log]:format:(logfmt json)' \
    '--tenant=[whose records]:tenant: ' \
    '--resource=[of which resource]:resource:(invoice)' \
    '--json[print JSON]' \
    '--by=[who does this]:name: ' \
    '--dry-run[say what would be done]' \
    '--source=[what the ids are ids of]:name: ' \
    '--csv[the file is CSV]' \
    '--decimal-comma[1.234,50 is 1234.50]' \
    '--delimiter=[what stands between cells]:character: ' \
    '--rejects=[where what is rejected goes]:file:_files' \
    '--take-lines[take over lines that are missing]' \
    '--all-parked[of deliveries: all that are parked]' \
    '(- *)--help[say how to call it]' \
    '(- *)--version[say the version]' \
    '1:command:(serve import duplicates deliveries)' \
    '2:operand:_invonce_mock_server_operand'
