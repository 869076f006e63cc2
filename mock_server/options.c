#include "mock_server/options.h"

#include "mock_server/base/command_line.h"
#include "mock_server/base/settings.h"
#include "mock_server/faults/bugs.h"
#include "mock_server/http/auth.h"
#include "mock_server/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *take_token(const struct option_row *row, char *argument)
{
    (void)row;
    const char *wrong = auth_add(settings.auth, argument);
    char *token = strchr(argument, '=');
    if (token) {
        memset(token + 1, '*', strlen(token + 1));
    }
    return wrong;
}

static const char *take_tokens_file(const struct option_row *row, char *argument)
{
    (void)row;
    char *wrong = auth_add_file(settings.auth, argument);
    if (!wrong) {
        return NULL;
    }
    refuse("--tokens-file: %s", wrong);
    free(wrong);
    return "";
}

static const char *take_fault(const struct option_row *row, char *argument)
{
    (void)row;
    const char **grown =
        realloc(settings.faults, (settings.fault_count + 1) * sizeof(const char *));
    if (!grown) {
        return "out of memory";
    }
    settings.faults = grown;
    settings.faults[settings.fault_count++] = argument;
    return NULL;
}

static const char *take_without(const struct option_row *row, char *argument)
{
    (void)row;
    static const struct {
        const char *name;
        enum store_layer layer;
    } LAYERS[] = {{"unique", STORE_NO_UNIQUE}, {"idempotency", STORE_NO_IDEMPOTENCY}};
    for (size_t i = 0; i < sizeof LAYERS / sizeof LAYERS[0]; i++) {
        if (strcmp(argument, LAYERS[i].name) == 0) {
            settings.without |= (unsigned)LAYERS[i].layer;
            return NULL;
        }
    }
    return "expected unique or idempotency";
}

static const char *take_bug(const struct option_row *row, char *argument)
{
    (void)row;
    return bugs_plant(argument)
               ? NULL
               : "expected check-then-store, cache-5xx, no-tenant, first-body-wins or no-lease";
}

static const char *take_log_format(const struct option_row *row, char *argument)
{
    (void)row;
    settings.log_format = strcmp(argument, "json") == 0 ? LOG_JSON : LOG_LOGFMT;
    return settings.log_format == LOG_JSON || strcmp(argument, "logfmt") == 0
               ? NULL
               : "expected logfmt or json";
}

/* A path may be a secret: it can be seen on the command line only until it was read. */
static const char *take_deliver(const struct option_row *row, char *argument)
{
    (void)row;
    static char *copy;
    free(copy);
    settings.deliver = copy = strdup(argument);
    char *host = strstr(argument, "://");
    for (char *at = host ? host + 3 + strcspn(host + 3, "/?#") : argument; *at; at++) {
        *at = '*';
    }
    return settings.deliver ? NULL : "out of memory";
}

static const struct option_row OPTIONS[] = {
    {"listen", "HOST:PORT", take_text,
     "Where to listen. Port 0 takes a free one. Beyond loopback only\n"
     "with TLS or --behind-proxy, without faults and with tokens of 16\n"
     "characters or more. Default: 127.0.0.1:8420",
     &settings.listen},
    {"store", "URL", take_store,
     "Where the records are kept: sqlite:FILE, or postgresql://... for\n"
     "any number of servers on one PostgreSQL, as libpq reads it.\n"
     "Default: invonce/server.db in $XDG_DATA_HOME, or else in\n"
     "~/.local/share"},
    {"partitions", "N", take_number, "A new store on PostgreSQL is partitioned by tenant into N.",
     &settings.partitions, 1, 1024},
    {"token", "TENANT:USER=TOKEN", take_token,
     "A bearer token and whom it speaks for; may be repeated. Without\n"
     "any, on loopback, one is made for tenant demo and printed."},
    {"tokens-file", "FILE", take_tokens_file,
     "A file of such lines; # starts a comment. May be repeated."},
    {"tls-cert", "FILE", take_text, "Serve HTTPS with this certificate chain (PEM).",
     &settings.tls_cert},
    {"tls-key", "FILE", take_text, "The certificate's key (PEM).", &settings.tls_key},
    {"behind-proxy", NULL, take_flag,
     "A proxy on the way speaks TLS: plain HTTP beyond loopback is\n"
     "all right, and all connections may come from one address.",
     &settings.behind_proxy},
    {"key-ttl", "DURATION", take_duration,
     "How long the reply to an idempotency key is kept. Default: 24h", &settings.key_ttl_ms, 1},
    {"in-progress-wait", "DURATION", take_duration,
     "How long a second request waits for a first one with its key.\n"
     "Default: 2s",
     &settings.in_progress_wait_ms, 0},
    {"lease", "DURATION", take_duration,
     "When a key in progress may be taken over from a server that\n"
     "crashed. Default: 30s",
     &settings.lease_ms, 1},
    {"request-timeout", "DURATION", take_duration,
     "How long a request may take to arrive. Default: 20s", &settings.request_timeout_ms, 1},
    {"max-connections", "N", take_number, "Default: 1000", &settings.max_connections, 1, 100000},
    {"max-per-address", "N", take_number,
     "Connections from one address. Default: 100 beyond loopback\n"
     "without --behind-proxy, else as many as there may be",
     &settings.max_per_address, 1, 100000},
    {"max-queue", "N", take_number,
     "Creates that may wait to be saved; more are answered 503.\n"
     "Default: 1024",
     &settings.max_queue, 1, 1000000},
    {"fault", "RULE", take_fault, "Go wrong on purpose; may be repeated. See FAULTS."},
    {"faults-api", NULL, take_flag, "Let /_mock/faults show and change the rules while running.",
     &settings.faults_api},
    {"fault-seed", "N", take_number, "For the selector p. Default: 1", &settings.fault_seed, 0,
     INT64_MAX},
    {"without", "LAYER", take_without,
     "Take one layer away, to show what it is worth: unique (invoice\n"
     "numbers may repeat) or idempotency (keys are ignored). Only on a\n"
     "store made with the same."},
    {"bug", "NAME", take_bug,
     "Plant a mistake that real servers make: check-then-store (takes\n"
     "the layer unique away too), cache-5xx, no-tenant,\n"
     "first-body-wins or no-lease."},
    {"deliver", "URL", take_deliver,
     "Post what is created (and merged) to this address, each event\n"
     "once at least, in order per record. See DELIVERIES."},
    {"deliver-token-file", "FILE", take_text, "Whose content is sent as a bearer token.",
     &settings.deliver_token_file},
    {"deliver-secret-file", "FILE", take_text,
     "Whose content signs each post: whsec_ and base64, or the secret\n"
     "itself, of 24 bytes or more.",
     &settings.deliver_secret_file},
    {"deliver-ca", "FILE", take_text,
     "Trust these authorities (PEM) there instead of the system's.", &settings.deliver_ca},
    {"deliver-timeout", "DURATION", take_duration, "How long one post may take. Default: 10s",
     &settings.deliver_timeout_ms, 1},
    {"deliver-for", "DURATION", take_duration,
     "How long an event is tried, before it is parked. Default: 72h", &settings.deliver_for_ms, 1},
    {"log-format", "FORMAT", take_log_format, "logfmt or json, on standard error. Default: logfmt"},
};

static const char INTRODUCTION[] =
    "NAME\n"
    "    " PROGRAM " - a server that creates each invoice once\n"
    "\n"
    "SYNOPSIS\n"
    "    " PROGRAM " [serve] [OPTION]...\n"
    "    " PROGRAM " import|duplicates|deliveries --help\n"
    "\n"
    "DESCRIPTION\n"
    "    Serves the invoice API (GET /openapi.yaml describes it) from a store in a\n"
    "    file (SQLite), or on PostgreSQL. When it answers it prints \"listening on\n"
    "    http://HOST:PORT\". SIGTERM and SIGINT let what is in flight finish, for 5\n"
    "    seconds at most.\n"
    "\n"
    "    import takes records over from another system, duplicates finds and merges\n"
    "    those that are there twice, deliveries is what --deliver posts: each has\n"
    "    --help of its own.\n"
    "\n"
    "OPTIONS\n";

static const char CONCLUSION[] =
    "FAULTS\n"
    "    A RULE is NAME[=VALUE][@SELECTOR[,SELECTOR]...]. It strikes requests that\n"
    "    create, unless its selector endpoint names another path.\n"
    "\n"
    "    delay-before-commit=DURATION   status=CODE[:retry-after=S]\n"
    "    delay-after-commit=DURATION    status-after-commit=CODE\n"
    "    drop-before                    hang\n"
    "    drop-response                  drip=BYTES (a second)\n"
    "    reset-response                 crash-before-commit\n"
    "    truncate-response              crash-after-commit\n"
    "    garble-response\n"
    "\n"
    "    Selectors: attempt=N (the Nth time this key is seen), every=N, first=N,\n"
    "    p=0..1, endpoint=PATH. Each may be given once; all must hold.\n"
    "\n"
    "DELIVERIES\n"
    "    With --deliver each create is posted as {\"event_id\",\"type\",\"tenant\",\"at\",\n"
    "    \"data\"}, with the event's id as Idempotency-Key too: whoever receives it\n"
    "    drops repeats by that. Any 2xx is a yes; anything else is tried again, for 72\n"
    "    hours, and is parked then (deliveries list shows it). Plain http:// is for\n"
    "    loopback only; redirects are not followed.\n"
    "\n"
    "EXIT STATUS\n"
    "    0  stopped by a signal\n"
    "    1  failed\n"
    "    2  the command line, the address or the store was refused\n";

static bool check_together(void)
{
    if (!settings.tls_cert != !settings.tls_key) {
        refuse("--tls-cert and --tls-key go together");
        return false;
    }
    if (!settings.deliver &&
        (settings.deliver_token_file || settings.deliver_secret_file || settings.deliver_ca)) {
        refuse("--deliver-token-file, --deliver-secret-file and --deliver-ca need --deliver");
        return false;
    }
    return true;
}

const struct command serve_options = {
    .name = "serve",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .introduction = INTRODUCTION,
    .conclusion = CONCLUSION,
    .check = check_together,
};
