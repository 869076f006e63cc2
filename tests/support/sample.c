#include "tests/support/sample.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

struct json *sample_invoice(const char *number)
{
    struct json *lines = json_new_array();
    json_append(lines, json_new_texts("description", "Consulting", "quantity", "1.5", "unit_price",
                                      "120.00", "tax_rate", "21", NULL));
    struct json *invoice = json_new_texts("number", number, "issue_date", "2026-11-22", "due_date",
                                          "2026-12-22", "currency", "EUR", NULL);
    invoice =
        json_with(invoice, "customer",
                  json_new_texts("email", "ap@northwind.example", "name", "Northwind Ltd", NULL));
    invoice = json_with(invoice, "lines", lines);
    invoice = json_with(invoice, "notes", json_new_string("Thank you"));
    if (!invoice) support_die("cannot make an invoice numbered %s", number);
    return invoice;
}

char *sample_body(const char *number, const char *changes)
{
    struct json *invoice = sample_invoice(number);
    struct json *changed = changes ? json_from(changes) : json_new_object();
    const char *name;
    struct json *value;
    for (value = json_first(changed); value != NULL && (name = json_name(value)) != NULL;
         value = json_next(value)) {
        if (json_kind(value) == JSON_NULL)
            json_remove(invoice, name);
        else
            json_put(invoice, name, json_copy(value));
    }
    char *body = json_to(invoice);
    json_free(changed);
    json_free(invoice);
    return body;
}
