#include "mock_server/attempts/audit.h"

#include "mock_server/base/clock.h"
#include "mock_server/base/log.h"
#include "mock_server/http/streams.h"

#include <stdatomic.h>
#include <stdio.h>

#define BEHIND 4096

static atomic_size_t waiting;

void audit_entry_queued(void)
{
    atomic_fetch_add(&waiting, 1);
}

void audit_entry_written(void)
{
    atomic_fetch_sub(&waiting, 1);
}

bool audit_entries_wait(void)
{
    return atomic_load(&waiting) > 0;
}

bool audit_is_behind(void)
{
    return atomic_load_explicit(&waiting, memory_order_relaxed) >= BEHIND;
}

static void log_entry(const struct store_audit_entry *entry)
{
    struct log_line line;
    log_begin(&line, "info", "attempt");
    if (entry->seq) {
        log_number(&line, "seq", entry->seq);
    }
    log_text(&line, "request_id", entry->request_id);
    log_text(&line, "tenant", entry->tenant);
    log_text(&line, "user", entry->user);
    log_text(&line, "endpoint", entry->endpoint);
    log_text(&line, "key", entry->key);
    log_text(&line, "number", entry->number);
    if (entry->year) {
        log_number(&line, "year", entry->year);
    }
    log_text(&line, "external_source", entry->external_source);
    log_text(&line, "external_id", entry->external_id);
    log_text(&line, "outcome", entry->outcome);
    log_text(&line, "invoice_id", entry->invoice_id);
    log_number(&line, "status", entry->status);
    log_text(&line, "fault", entry->fault);
    log_end(&line);
}

void audit_tell(const struct store_audit_entry *entry)
{
    log_entry(entry);
    if (entry->seq) {
        streams_wake(entry->tenant);
    }
}

struct json *audit_entry_to_json(const struct store_audit_entry *entry)
{
    char at[CLOCK_TEXT_SIZE];
    clock_format(entry->at, at);
    struct json *external =
        entry->external_source
            ? json_new_texts("source", entry->external_source, "id", entry->external_id, NULL)
            : json_new_string(NULL);
    struct json *year = entry->year ? json_new_integer(entry->year) : json_new_string(NULL);
    struct json *json = json_with(json_new_object(), "seq", json_new_integer(entry->seq));
    const struct {
        const char *name, *text;
    } texts[] = {
        {"at", at},
        {"request_id", entry->request_id},
        {"tenant", entry->tenant},
        {"user", entry->user},
        {"endpoint", entry->endpoint},
        {"key", entry->key},
        {"number", entry->number},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json = json_with(json, texts[i].name, json_new_string(texts[i].text));
    }
    json = json_with(json, "year", year);
    json = json_with(json, "external_ref", external);
    json = json_with(json, "outcome", json_new_string(entry->outcome));
    json = json_with(json, "invoice_id", json_new_string(entry->invoice_id));
    json = json_with(json, "status", json_new_integer(entry->status));
    return json_with(json, "fault", json_new_string(entry->fault));
}
