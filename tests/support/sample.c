#include "tests/support/sample.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

json_t *sample_invoice(const char *number)
{
    json_t *invoice =
        json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:[{s:s, s:s, s:s, s:s}], s:s}", "number",
                  number, "issue_date", "2026-11-22", "due_date", "2026-12-22", "currency", "EUR",
                  "customer", "email", "ap@northwind.example", "name", "Northwind Ltd", "lines",
                  "description", "Consulting", "quantity", "1.5", "unit_price", "120.00",
                  "tax_rate", "21", "notes", "Thank you");
    if (!invoice) support_die("cannot make an invoice numbered %s", number);
    return invoice;
}

char *sample_body(const char *number, const char *changes)
{
    json_t *invoice = sample_invoice(number);
    json_t *changed = changes ? json_from(changes) : json_object();
    const char *name;
    json_t *value;
    json_object_foreach(changed, name, value)
    {
        if (json_is_null(value))
            json_object_del(invoice, name);
        else
            json_object_set(invoice, name, value);
    }
    char *body = json_to(invoice);
    json_decref(changed);
    json_decref(invoice);
    return body;
}
