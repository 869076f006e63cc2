#include "tui/form/customers.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAUSE_MS  100 /* of the fingers, before the server is asked */
#define KNOWN_MAX 20  /* customers in an answer */

static void take(void *context, struct json *data, const char *trouble)
{
    struct customers *customers = context;
    (void)trouble; /* without an answer there is no completion, and nothing else amiss */
    if (!data) return;
    json_free(customers->known);
    customers->known = json_copy(data);
    free(customers->asked);
    customers->asked = customers->text ? strdup(customers->text) : NULL;
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

void customers_start(struct customers *customers, struct courier *courier, struct habits *habits)
{
    *customers = (struct customers){
        .query = {.courier = courier, .done = take, .context = customers}, .habits = habits};
}

void customers_stop(struct customers *customers)
{
    query_stop(&customers->query);
    free(customers->text);
    free(customers->asked);
    free(customers->days_for);
    json_free(customers->known);
    customers->text = customers->asked = customers->days_for = NULL;
    customers->known = NULL;
}

static void ask(struct customers *customers, const char *lookup, const char *text, int64_t now_ms)
{
    char *encoded = *text ? query_encode(text) : NULL;
    char *path = NULL;
    if (encoded && asprintf(&path, "%s?prefix=%s&limit=%d", lookup, encoded, KNOWN_MAX) < 0)
        path = NULL;
    free(encoded);
    query_ask(&customers->query, path, now_ms + PAUSE_MS);
}

/* The place of an e-mail takes no blanks: neither has a name that is typed there. */
static bool name_begins(const char *name, const char *folded)
{
    char *own = text_fold(name);
    bool begins = own != NULL;
    for (const char *at = own; begins && *at && *folded; at++) {
        if (*at == ' ') continue;
        begins = *at == *folded++;
    }
    free(own);
    return begins && *folded == '\0';
}

/* The first customer whose e-mail begins with `text` and goes on, else whose name begins so; NULL:
 * none. */
static const struct json *completion_of(const struct customers *customers, const char *text)
{
    size_t length = strlen(text);
    const struct json *named = NULL;
    char *folded = length > 0 ? text_fold(text) : NULL;
    if (!folded || !*folded) {
        free(folded);
        return NULL;
    }
    for (const struct json *customer = json_first(customers->known); customer;
         customer = json_next(customer)) {
        const char *email = json_text(customer, "email"), *name = json_text(customer, "name");
        if (!email || strcasecmp(email, text) == 0) continue;
        if (strncasecmp(email, text, length) == 0) {
            named = customer;
            break;
        }
        if (!named && name && name_begins(name, folded)) named = customer;
    }
    free(folded);
    return named;
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

/* The name of the customer with that whole e-mail, by the server or else by what was entered
 * before; NULL: none. */
static const char *name_of(const struct customers *customers, const struct form *form,
                           const char *text)
{
    if (!*text) return NULL;
    for (const struct json *customer = json_first(customers->known); customer;
         customer = json_next(customer)) {
        const char *email = json_text(customer, "email");
        if (email && is_same(email, text)) return json_text(customer, "name");
    }
    const struct json *before = form->proposes ? habits_customer_of(customers->habits, text) : NULL;
    return before ? fact_in(form_field(form, customers_name(form)), before) : NULL;
}

/* Suggests the name, where none was typed. */
static bool suggest_name(const struct customers *customers, struct form *form)
{
    size_t place = customers_name(form);
    if (place == form_button(form)) return true;
    struct text_field *field = &form->fields[place];
    const char *name =
        name_of(customers, form, text_field_text(&form->fields[customers_email(form)]));
    if (field->length > 0 && !field->fresh) return true;
    if (!name) name = "";
    if (strcmp(text_field_text(field), name) == 0) return true;
    return text_field_suggest(field, name) != TEXT_FIELD_NO_MEMORY;
}

/* How many days this customer had to pay before: suggested once, when its e-mail has been typed. */
static bool suggest_days(struct customers *customers, struct form *form)
{
    char days[HABITS_DAYS_SIZE] = "";
    const struct text_field *field = &form->fields[customers_email(form)];
    const char *email = text_field_text(field);
    if (!form->proposes) return true;
    if (customers->days_for && strcmp(customers->days_for, email) == 0) return true;
    char *kept = strdup(email);
    if (!kept) return false;
    free(customers->days_for);
    customers->days_for = kept;
    if (field->exact) return true; /* filled in, with all that belongs to it */
    const struct json *before = habits_customer_of(customers->habits, email);
    if (before) habits_days(customers->habits, before, days);
    return form_suggest_days(form, days);
}

/* What is recalled is named, and which one it is. */
static char *describe_recalled(const struct customers *customers, const struct form *form)
{
    char *text = NULL;
    const struct json *before = habits_customer(customers->habits, customers->recalled - 1);
    size_t name = customers_name(form);
    const char *named =
        before && name < form_button(form) ? fact_in(form_field(form, name), before) : "";
    int length = asprintf(&text, _("  %s  (%zu of %zu)"), named, customers->recalled,
                          habits_customers(customers->habits));
    return length < 0 ? NULL : text;
}

static char *describe_completion(const struct json *customer, const char *text)
{
    char *words = NULL;
    const char *name = json_text(customer, "name"), *email = json_text(customer, "email");
    size_t length = strlen(text);
    bool goes_on = strncasecmp(email, text, length) == 0;
    int written = asprintf(&words, "%s%s  %s", goes_on ? "" : "  ",
                           goes_on ? email + length : email, name ? name : "");
    return written < 0 ? NULL : words;
}

static bool show_completion(struct customers *customers, struct form *form)
{
    size_t email = customers_email(form);
    const struct text_field *field = &form->fields[email];
    const char *text = text_field_text(field);
    if (!field->suggested) customers->recalled = 0;
    if (form->focus != email) return true;
    const struct json *customer = completion_of(customers, text);
    if (customers->recalled > 0)
        form_set_completion(form, describe_recalled(customers, form));
    else if (customer)
        form_set_completion(form, describe_completion(customer, text));
    return form->completion || (customers->recalled == 0 && !customer);
}

/* All that begins so is known: what is typed on is among it. */
static bool is_known(const struct customers *customers, const char *text)
{
    size_t length = customers->asked ? strlen(customers->asked) : 0;
    return length > 0 && customers->known && json_count(customers->known) < KNOWN_MAX &&
           strncmp(text, customers->asked, length) == 0;
}

static bool follow_text(struct customers *customers, const char *lookup, const char *text,
                        int64_t now_ms)
{
    if (customers->text && strcmp(customers->text, text) == 0) return true;
    char *kept = strdup(text);
    if (!kept) return false;
    free(customers->text);
    customers->text = kept;
    if (is_known(customers, text))
        query_stop(&customers->query);
    else
        ask(customers, lookup, text, now_ms);
    return true;
}

bool customers_follow(struct customers *customers, struct form *form, int64_t now_ms)
{
    size_t email = customers_email(form);
    form_set_completion(form, NULL);
    if (email == CUSTOMERS_NOWHERE) return true;
    const char *text = text_field_text(&form->fields[email]);
    if (!follow_text(customers, form_field(form, email)->lookup, text, now_ms)) return false;
    customers->news = false;
    return show_completion(customers, form) &&
           (form->focus == email ||
            (suggest_name(customers, form) && suggest_days(customers, form)));
}

/* The customer used last, or the one before the one that stands there. */
static bool recall(struct customers *customers, struct form *form)
{
    size_t count = form->proposes ? habits_customers(customers->habits) : 0;
    if (count == 0) return false;
    customers->recalled = customers->recalled % count + 1;
    const struct json *before = habits_customer(customers->habits, customers->recalled - 1);
    return text_field_suggest(form_focused(form), fact_in(form_field(form, form->focus), before)) ==
               TEXT_FIELD_OK &&
           suggest_name(customers, form);
}

bool customers_complete(struct customers *customers, struct form *form)
{
    if (form->focus != customers_email(form)) return false;
    struct text_field *field = form_focused(form);
    if (field->length == 0 || (field->suggested && customers->recalled > 0))
        return recall(customers, form);
    const struct json *customer = completion_of(customers, text_field_text(field));
    if (!customer) return false;
    return text_field_set(field, json_text(customer, "email")) == TEXT_FIELD_OK &&
           suggest_name(customers, form);
}
