#include "mock_server/attempts/audit.h"

#include "mock_server/base/log.h"
#include "mock_server/http/streams.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEHIND 4096

static atomic_size_t waiting;

void audit_entry_queued(void)
{
    atomic_fetch_add(&waiting, 1);
}

void audit_entry_written(void)
{
    size_t waited = atomic_fetch_sub(&waiting, 1);
    assert(waited > 0);
}

bool audit_entries_wait(void)
{
    return atomic_load(&waiting) > 0;
}

bool audit_is_behind(void)
{
    return atomic_load_explicit(&waiting, memory_order_relaxed) >= BEHIND;
}

/* What only an entry of an invoice, or of a payment of one, has. */
static bool is_of_invoice(const struct store_audit_entry *entry)
{
    return entry->resource && strcmp(entry->resource, "invoice") == 0;
}

static const char *invoice_id_of(const struct store_audit_entry *entry)
{
    return is_of_invoice(entry) ? entry->record_id : entry->parent_id;
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
    log_text(&line, "resource", entry->resource);
    for (int i = 0; i < STORE_VALUES_MAX && entry->unique[i].name; i++) {
        const struct store_value *value = &entry->unique[i];
        if (value->text) {
            log_text(&line, value->name, value->text);
        } else {
            log_number(&line, value->name, value->number);
        }
    }
    log_text(&line, "outcome", entry->outcome);
    log_text(&line, "record_id", entry->record_id);
    log_text(&line, "invoice_id", invoice_id_of(entry));
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

static struct json *value_to_json(const struct store_value *value)
{
    return value->text ? json_new_string(value->text) : json_new_integer(value->number);
}

/* A name of two parts is a member's member. */
static bool put_value(struct json *unique, const struct store_value *value)
{
    const char *dot = strchr(value->name, '.');
    if (!dot) {
        return json_put(unique, value->name, value_to_json(value));
    }
    char *name = strndup(value->name, (size_t)(dot - value->name));
    struct json *held = name ? json_member(unique, name) : NULL;
    struct json *inside = held ? json_take(unique, held) : json_new_object();
    inside = json_with(inside, dot + 1, value_to_json(value));
    bool ok = name && json_put(unique, name, inside);
    free(name);
    return ok;
}

/* An object of the values; NULL: out of memory. */
static struct json *unique_of(const struct store_audit_entry *entry)
{
    struct json *unique = json_new_object();
    bool ok = unique != NULL;
    for (int i = 0; ok && i < STORE_VALUES_MAX && entry->unique[i].name; i++) {
        ok = put_value(unique, &entry->unique[i]);
    }
    if (!ok) {
        json_free(unique);
        return NULL;
    }
    return unique;
}

/* An invoice's, of what is unique; else null. */
static struct json *of_invoice(const struct store_audit_entry *entry, const struct json *unique,
                               const char *name)
{
    const struct json *value = is_of_invoice(entry) ? json_member(unique, name) : NULL;
    return value ? json_copy(value) : json_new_string(NULL);
}

struct json *audit_entry_to_json(const struct store_audit_entry *entry)
{
    char at[CLOCK_TEXT_SIZE];
    clock_format(entry->at, at);
    struct json *unique = unique_of(entry);
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
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json = json_with(json, texts[i].name, json_new_string(texts[i].text));
    }
    json = json_with(json, "number", of_invoice(entry, unique, "number"));
    json = json_with(json, "year", of_invoice(entry, unique, "year"));
    json = json_with(json, "external_ref", of_invoice(entry, unique, "external_ref"));
    json = json_with(json, "outcome", json_new_string(entry->outcome));
    json = json_with(json, "invoice_id", json_new_string(invoice_id_of(entry)));
    json = json_with(json, "status", json_new_integer(entry->status));
    json = json_with(json, "fault", json_new_string(entry->fault));
    json = json_with(json, "resource", json_new_string(entry->resource));
    json = json_with(json, "record_id", json_new_string(entry->record_id));
    return json_with(json, "unique", unique);
}
