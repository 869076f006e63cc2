#include "tui/form/customers.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAUSE_MS 100 /* of the fingers, before the server is asked */

static void take(void *context, struct json *data, const char *trouble)
{
    struct customers *customers = context;
    (void)trouble; /* without an answer there is no completion, and nothing else amiss */
    if (!data) return;
    json_free(customers->known);
    customers->known = json_copy(data);
    customers->news = true;
}

void customers_start(struct customers *customers, struct courier *courier)
{
    *customers =
        (struct customers){.query = {.courier = courier, .done = take, .context = customers}};
}

void customers_stop(struct customers *customers)
{
    query_stop(&customers->query);
    free(customers->text);
    json_free(customers->known);
    customers->text = NULL;
    customers->known = NULL;
}

static void ask(struct customers *customers, const char *text, int64_t now_ms)
{
    char *encoded = *text ? query_encode(text) : NULL;
    char *path = NULL;
    if (encoded && asprintf(&path, "/v1/customers?prefix=%s&limit=20", encoded) < 0) path = NULL;
    free(encoded);
    query_ask(&customers->query, path, now_ms + PAUSE_MS);
}

/* The first customer whose e-mail begins with `text` and goes on; NULL: none. */
static const struct json *completion_of(const struct customers *customers, const char *text)
{
    size_t length = strlen(text);
    if (length == 0) return NULL;
    for (const struct json *customer = json_first(customers->known); customer;
         customer = json_next(customer)) {
        const char *email = json_text(customer, "email");
        if (email && strncasecmp(email, text, length) == 0 && email[length]) return customer;
    }
    return NULL;
}

static bool is_same(const char *one, const char *other)
{
    char *a = text_fold_email(one);
    char *b = text_fold_email(other);
    bool same = a && b && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

/* The name of the customer with that whole e-mail; NULL: none. */
static const char *name_of(const struct customers *customers, const char *text)
{
    if (!*text) return NULL;
    for (const struct json *customer = json_first(customers->known); customer;
         customer = json_next(customer)) {
        const char *email = json_text(customer, "email");
        if (email && is_same(email, text)) return json_text(customer, "name");
    }
    return NULL;
}

/* Suggests the name, where none was typed. */
static bool suggest_name(const struct customers *customers, struct form *form)
{
    struct text_field *field = &form->fields[FORM_NAME];
    const char *name = name_of(customers, text_field_text(&form->fields[FORM_EMAIL]));
    if (field->length > 0 && !field->fresh) return true;
    if (!name) name = "";
    if (strcmp(text_field_text(field), name) == 0) return true;
    return text_field_suggest(field, name) != TEXT_FIELD_NO_MEMORY;
}

static bool show_completion(const struct customers *customers, struct form *form)
{
    const char *text = text_field_text(&form->fields[FORM_EMAIL]);
    const struct json *customer = completion_of(customers, text);
    free(form->completion);
    form->completion = NULL;
    if (!customer) return true;
    const char *name = json_text(customer, "name");
    const char *rest = json_text(customer, "email") + strlen(text);
    if (asprintf(&form->completion, "%s  %s", rest, name ? name : "") >= 0) return true;
    form->completion = NULL;
    return false;
}

bool customers_follow(struct customers *customers, struct form *form, int64_t now_ms)
{
    const char *text = text_field_text(&form->fields[FORM_EMAIL]);
    bool changed = !customers->text || strcmp(customers->text, text) != 0;
    if (changed) {
        free(customers->text);
        customers->text = strdup(text);
        if (!customers->text) return false;
        ask(customers, text, now_ms);
    }
    customers->news = false;
    return show_completion(customers, form) &&
           (form->focus == FORM_EMAIL || suggest_name(customers, form));
}

bool customers_complete(struct customers *customers, struct form *form)
{
    struct text_field *field = &form->fields[FORM_EMAIL];
    const struct json *customer = completion_of(customers, text_field_text(field));
    if (form->focus != FORM_EMAIL || !customer) return false;
    return text_field_set(field, json_text(customer, "email")) == TEXT_FIELD_OK &&
           suggest_name(customers, form);
}
