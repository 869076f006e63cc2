#include "tui/form/customers.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"

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

size_t customers_email(const struct form *form)
{
    size_t email = fact_of_kind(form->resource, FIELD_EMAIL);
    const struct field *field = form_field(form, email);
    return field && field->lookup ? email : CUSTOMERS_NOWHERE;
}

size_t customers_name(const struct form *form)
{
    size_t email = customers_email(form);
    return email == CUSTOMERS_NOWHERE ? email : fact_beside(form->resource, email);
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

static void ask(struct customers *customers, const char *lookup, const char *text, int64_t now_ms)
{
    char *encoded = *text ? query_encode(text) : NULL;
    char *path = NULL;
    if (encoded && asprintf(&path, "%s?prefix=%s&limit=20", lookup, encoded) < 0) path = NULL;
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
    size_t place = customers_name(form);
    if (place == form_button(form)) return true;
    struct text_field *field = &form->fields[place];
    const char *name = name_of(customers, text_field_text(&form->fields[customers_email(form)]));
    if (field->length > 0 && !field->fresh) return true;
    if (!name) name = "";
    if (strcmp(text_field_text(field), name) == 0) return true;
    return text_field_suggest(field, name) != TEXT_FIELD_NO_MEMORY;
}

static bool show_completion(const struct customers *customers, struct form *form)
{
    const char *text = text_field_text(&form->fields[customers_email(form)]);
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
    size_t email = customers_email(form);
    if (email == CUSTOMERS_NOWHERE) return true;
    const char *text = text_field_text(&form->fields[email]);
    bool changed = !customers->text || strcmp(customers->text, text) != 0;
    if (changed) {
        free(customers->text);
        customers->text = strdup(text);
        if (!customers->text) return false;
        ask(customers, form_field(form, email)->lookup, text, now_ms);
    }
    customers->news = false;
    return show_completion(customers, form) &&
           (form->focus == email || suggest_name(customers, form));
}

bool customers_complete(struct customers *customers, struct form *form)
{
    if (form->focus != customers_email(form)) return false;
    struct text_field *field = form_focused(form);
    const struct json *customer = completion_of(customers, text_field_text(field));
    if (!customer) return false;
    return text_field_set(field, json_text(customer, "email")) == TEXT_FIELD_OK &&
           suggest_name(customers, form);
}
