#include "tests/unit/client_stage.h"

#include "protocol/wire/clock.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_sample.h"

#include <stdlib.h>
#include <string.h>

#define KEY_LINE_LENGTH (sizeof "Idempotency-Key: \"" - 1 + 36)

int stage_set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) return -1;
    temp_dir_make(stage->directory);
    stage->journal = support_format("%s/journal.sqlite", stage->directory);
    stage->record = client_sample_record_text(STAGE_NUMBER);
    *state = stage;
    return 0;
}

int stage_tear_down(void **state)
{
    struct stage *stage = *state;
    temp_dir_remove(stage->directory);
    free(stage->journal);
    free(stage->record);
    free(stage);
    return 0;
}

struct terminal stage_terminal(const struct stage *stage, const char *server)
{
    return terminal_open(stage->journal, server, STAGE_NUMBER, 0);
}

void stage_run_until_requested(struct terminal *terminal, struct peer *peer, size_t requests)
{
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (peer_requests(peer) < requests) {
        if (clock_monotonic_ms() > give_up_ms) support_die("no request came");
        terminal_turn(terminal);
    }
}

long long stage_rows(const struct stage *stage, const char *query)
{
    return rows_number(stage->journal, query);
}

static const char *key_line(struct peer *peer, size_t index)
{
    const char *line = strstr(peer_request(peer, index), "Idempotency-Key: \"");
    if (line == NULL) support_die("request %zu has no key", index);
    return line;
}

bool stage_same_key(struct peer *peer, size_t one, size_t other)
{
    return strncmp(key_line(peer, one), key_line(peer, other), KEY_LINE_LENGTH) == 0;
}

bool stage_same_intent(struct peer *peer, size_t one, size_t other)
{
    return stage_same_key(peer, one, other) &&
           strcmp(strstr(peer_request(peer, one), "\r\n\r\n"),
                  strstr(peer_request(peer, other), "\r\n\r\n")) == 0;
}
