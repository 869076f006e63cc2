/* Creating an invoice: the record, its totals, and the idempotency key (DESIGN.md 3.1). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

static const char *const RECORD_MEMBERS[] = {
    "/id",
    "/status",
    "/number",
    "/issue_date",
    "/due_date",
    "/currency",
    "/customer/id",
    "/customer/email",
    "/customer/name",
    "/lines/0/description",
    "/lines/0/quantity",
    "/lines/0/unit_price",
    "/lines/0/tax_rate",
    "/lines/0/net",
    "/totals/net",
    "/totals/tax",
    "/totals/gross",
    "/notes",
    "/external_ref/source",
    "/external_ref/id",
    "/created_at",
    "/created_by",
};

static const char WITH_REF[] = "{\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}";

static void the_record_has_every_member(void **state)
{
    struct http_reply reply = api_create_sample(*state, "\"k1\"", "2026-0042", WITH_REF);
    api_assert_status(&reply, 201);
    assert_string_equal(http_header(&reply, "content-type"), "application/json");
    assert_string_equal(http_header(&reply, "idempotent-replayed"), "");
    for (size_t i = 0; i < COUNT_OF(RECORD_MEMBERS); i++)
        if (!*api_text(&reply, RECORD_MEMBERS[i])) fail_msg("no %s", RECORD_MEMBERS[i]);
    assert_int_equal(json_count(reply.json), 13);
    assert_memory_equal(api_text(&reply, "/id"), "inv_", 4);
    assert_memory_equal(api_text(&reply, "/customer/id"), "cus_", 4);
    assert_string_equal(api_text(&reply, "/status"), "open");
    assert_string_equal(api_text(&reply, "/created_by"), "ana");
    const char *at = api_text(&reply, "/created_at");
    assert_int_equal(at[10], 'T');
    assert_int_equal(at[strlen(at) - 1], 'Z');

    const char *location = http_header(&reply, "location");
    char *path = support_format("/v1/invoices/%s", api_text(&reply, "/id"));
    assert_non_null(strstr(location, path));
    struct http_reply page = api_get(*state, TOKEN_BOB, path);
    api_assert_status(&page, 200);
    assert_true(json_equal(page.json, reply.json));
    free(path);
    http_reply_clear(&page);
    http_reply_clear(&reply);
}

static void what_was_left_out_has_its_default(void **state)
{
    struct http_reply reply = api_create_sample(
        *state, "\"k1\"", "1",
        "{\"due_date\":null,\"notes\":null,\"customer\":{\"email\":\"a@b.example\"},"
        "\"lines\":[{\"description\":\"x\",\"quantity\":\"2\",\"unit_price\":\"3.50\"}]}");
    api_assert_status(&reply, 201);
    assert_string_equal(api_text(&reply, "/lines/0/tax_rate"), "0");
    assert_string_equal(api_text(&reply, "/totals/gross"), "7.00");
    assert_string_equal(api_text(&reply, "/notes"), "");
    http_reply_clear(&reply);
}

/* Lines are quantity, unit price and rate; totals by EN 16931, worked out by hand. */
static const struct {
    const char *currency;
    const char *lines[3][3];
    const char *nets[3];
    const char *net, *tax, *gross;
} TOTALS[] = {
    {"EUR", {{"1.5", "120.00", "21"}}, {"180.00"}, "180.00", "37.80", "217.80"},
    {"EUR",
     {{"1.5", "120.00", "21"}, {"1", "89.00", "19"}},
     {"180.00", "89.00"},
     "269.00",
     "54.71",
     "323.71"},
    /* "21" and "21.00" are one rate: its tax is rounded once, on the sum. */
    {"EUR",
     {{"1", "0.03", "21"}, {"1", "0.03", "21.00"}},
     {"0.03", "0.03"},
     "0.06",
     "0.01",
     "0.07"},
    {"EUR", {{"1", "0.03", "21"}, {"1", "0.03", "22"}}, {"0.03", "0.03"}, "0.06", "0.02", "0.08"},
    /* Half goes away from zero, on both sides of it. */
    {"EUR", {{"0.5", "0.01", "0"}}, {"0.01"}, "0.01", "0.00", "0.01"},
    {"EUR", {{"-0.5", "0.01", "0"}}, {"-0.01"}, "-0.01", "0.00", "-0.01"},
    {"EUR", {{"1", "0.50", "5"}}, {"0.50"}, "0.50", "0.03", "0.53"},
    {"EUR", {{"-1", "0.50", "5"}}, {"-0.50"}, "-0.50", "-0.03", "-0.53"},
    {"EUR", {{"-0.001", "0.01", "19"}}, {"0.00"}, "0.00", "0.00", "0.00"},
    {"EUR",
     {{"2", "100.00", "21"}, {"-1", "50.00", "21"}},
     {"200.00", "-50.00"},
     "150.00",
     "31.50",
     "181.50"},
    {"EUR",
     {{"1", "9999999999999.99", "0"}},
     {"9999999999999.99"},
     "9999999999999.99",
     "0.00",
     "9999999999999.99"},
    {"JPY", {{"3", "33.3333", "10"}}, {"100"}, "100", "10", "110"},
    {"JPY", {{"1", "15", "10"}}, {"15"}, "15", "2", "17"},
    {"KWD", {{"2", "1.2345", "5"}}, {"2.469"}, "2.469", "0.123", "2.592"},
    {"CLF", {{"1", "1.2345", "19"}}, {"1.2345"}, "1.2345", "0.2346", "1.4691"},
};

static char *totals_body(size_t row)
{
    char *number = support_format("T-%zu", row);
    struct json *invoice = sample_invoice(number), *lines = json_new_array();
    for (size_t i = 0; i < COUNT_OF(TOTALS[row].lines) && TOTALS[row].lines[i][0]; i++)
        json_append(lines, json_new_texts("description", "x", "quantity", TOTALS[row].lines[i][0],
                                          "unit_price", TOTALS[row].lines[i][1], "tax_rate",
                                          TOTALS[row].lines[i][2], NULL));
    json_pointer_put(invoice, "/currency", json_new_string(TOTALS[row].currency));
    json_pointer_put(invoice, "/lines", lines);
    char *body = json_to(invoice);
    json_free(invoice);
    free(number);
    return body;
}

static void totals_follow_en_16931(void **state)
{
    for (size_t row = 0; row < COUNT_OF(TOTALS); row++) {
        char *key = support_format("\"totals-%zu\"", row), *body = totals_body(row);
        struct http_reply reply = api_create(*state, key, body);
        api_assert_status(&reply, 201);
        for (size_t i = 0; i < COUNT_OF(TOTALS[row].nets) && TOTALS[row].nets[i]; i++) {
            char *pointer = support_format("/lines/%zu/net", i);
            assert_string_equal(api_text(&reply, pointer), TOTALS[row].nets[i]);
            free(pointer);
        }
        assert_string_equal(api_text(&reply, "/totals/net"), TOTALS[row].net);
        assert_string_equal(api_text(&reply, "/totals/tax"), TOTALS[row].tax);
        assert_string_equal(api_text(&reply, "/totals/gross"), TOTALS[row].gross);
        /* Amounts stay as typed. */
        assert_string_equal(api_text(&reply, "/lines/0/quantity"), TOTALS[row].lines[0][0]);
        assert_string_equal(api_text(&reply, "/lines/0/unit_price"), TOTALS[row].lines[0][1]);
        http_reply_clear(&reply);
        free(body);
        free(key);
    }
}

static void the_same_again_is_replayed_byte_for_byte(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&first, 201);
    assert_false(api_is_replay(&first));
    for (int i = 0; i < 3; i++) {
        struct http_reply again = api_create_sample(*state, "\"k1\"", "1", NULL);
        api_assert_same(&first, &again);
        assert_true(api_is_replay(&again));
        assert_string_equal(http_header(&again, "location"), http_header(&first, "location"));
        assert_string_equal(http_header(&again, "content-type"), "application/json");
        http_reply_clear(&again);
    }
    assert_int_equal(api_count(*state, TOKEN_ANA), 1);
    http_reply_clear(&first);
}

static const char PLAIN[] =
    "{\"number\":\"A\xC3\xA9/1\",\"issue_date\":\"2026-11-22\",\"currency\":\"EUR\","
    "\"customer\":{\"email\":\"a@b.example\",\"name\":\"B\"},"
    "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1.50\"}]}";

/* The same values written otherwise. */
static const char *const SAME_REQUEST[] = {
    "{ \"lines\" : [ { \"unit_price\":\"1.50\",\n\t\"quantity\" : \"1\", \"description\":\"x\" } ],"
    "\r\n\"customer\":{\"name\":\"B\",\"email\":\"a@b.example\"},\"currency\":\"EUR\","
    "\"number\":\"A\xC3\xA9/1\",\"issue_date\":\"2026-11-22\"}\n",
    "{\"number\":\"\\u0041\\u00e9\\/1\",\"issue_date\":\"2026-11-22\",\"currency\":\"EUR\","
    "\"customer\":{\"email\":\"a@b.example\",\"name\":\"B\"},"
    "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1.50\"}]}",
    "{\"idempotency_key\":\"k1\",\"number\":\"A\xC3\xA9/1\",\"issue_date\":\"2026-11-22\","
    "\"currency\":\"EUR\",\"customer\":{\"email\":\"a@b.example\",\"name\":\"B\"},"
    "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1.50\"}]}",
};

static void spelling_does_not_matter_values_do(void **state)
{
    struct http_reply first = api_create(*state, "\"k1\"", PLAIN);
    api_assert_status(&first, 201);
    for (size_t i = 0; i < COUNT_OF(SAME_REQUEST); i++) {
        struct http_reply again = api_create(*state, "k1", SAME_REQUEST[i]);
        api_assert_same(&first, &again);
        assert_true(api_is_replay(&again));
        http_reply_clear(&again);
    }
    struct json *changed = json_from(PLAIN);
    json_pointer_put(changed, "/lines/0/unit_price", json_new_string("1.5"));
    char *body = json_to(changed);
    struct http_reply other = api_create(*state, "\"k1\"", body);
    api_assert_problem(&other, "idempotency-key-reused");
    free(body);
    json_free(changed);
    http_reply_clear(&other);
    http_reply_clear(&first);
}

/* What is put where in the request (NULL: taken away), and the pointers that must be told. */
static const struct {
    const char *changes[2][2];
    const char *differs; /* JSON, sorted */
} DIFFERENCES[] = {
    {{{"/number", "\"2\""}}, "[\"/number\"]"},
    {{{"/lines/0/quantity", "\"7\""}, {"/number", "\"3\""}}, "[\"/lines/0/quantity\",\"/number\"]"},
    {{{"/notes", NULL}}, "[\"/notes\"]"},
    {{{"/external_ref", "{\"source\":\"s\",\"id\":\"1\"}"}}, "[\"/external_ref\"]"},
    {{{"/lines/1", "{\"description\":\"y\",\"quantity\":\"1\",\"unit_price\":\"1\"}"}},
     "[\"/lines/1\"]"},
    /* A body that isn't valid is refused for the key all the same. */
    {{{"/lines", "[]"}}, "[\"/lines/0\"]"},
    {{{"/number", "42"}}, "[\"/number\"]"},
    {{{"/secret~0a~1b", "true"}}, "[\"/secret~0a~1b\"]"},
};

static int compare_texts(const void *left, const void *right)
{
    return strcmp(json_string(*(struct json *const *)left),
                  json_string(*(struct json *const *)right));
}

static char *sorted(const struct json *array)
{
    size_t count = json_count(array);
    struct json *items[16], *result = json_new_array();
    assert_in_range(count, 1, COUNT_OF(items));
    for (size_t i = 0; i < count; i++)
        items[i] = json_item(array, i);
    qsort(items, count, sizeof *items, compare_texts);
    for (size_t i = 0; i < count; i++)
        json_append(result, json_copy(items[i]));
    char *text = json_to(result);
    json_free(result);
    return text;
}

static void another_body_under_the_key_is_refused(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&first, 201);
    for (size_t row = 0; row < COUNT_OF(DIFFERENCES); row++) {
        struct json *invoice = sample_invoice("1");
        for (size_t i = 0; i < 2 && DIFFERENCES[row].changes[i][0]; i++) {
            const char *value = DIFFERENCES[row].changes[i][1];
            json_pointer_put(invoice, DIFFERENCES[row].changes[i][0],
                             value ? json_from(value) : NULL);
        }
        char *body = json_to(invoice);
        struct http_reply reply = api_create(*state, "\"k1\"", body);
        api_assert_problem(&reply, "idempotency-key-reused");
        char *differs = sorted(json_member(reply.json, "differs"));
        assert_string_equal(differs, DIFFERENCES[row].differs);
        assert_null(strstr(reply.body, "Consulting"));
        free(differs);
        http_reply_clear(&reply);
        free(body);
        json_free(invoice);
    }
    struct http_reply again = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_same(&first, &again);
    assert_int_equal(api_count(*state, TOKEN_ANA), 1);
    http_reply_clear(&again);
    http_reply_clear(&first);
}

static void a_key_belongs_to_a_tenant_not_to_a_user(void **state)
{
    char *body = sample_body("1", NULL);
    struct http_reply ana = api_create(*state, "\"k1\"", body);
    struct http_reply bob = api_post(*state, "/v1/invoices", TOKEN_BOB, "\"k1\"", body);
    struct http_reply eve = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    struct http_reply upper = api_create_sample(*state, "\"K1\"", "2", NULL);
    api_assert_status(&ana, 201);
    api_assert_same(&ana, &bob);
    assert_true(api_is_replay(&bob));
    assert_string_equal(api_text(&bob, "/created_by"), "ana");
    api_assert_status(&eve, 201);
    assert_false(api_is_replay(&eve));
    assert_string_equal(api_text(&eve, "/created_by"), "eve");
    api_assert_status(&upper, 201);
    assert_false(api_is_replay(&upper));
    assert_int_equal(api_count(*state, TOKEN_ANA), 2);
    assert_int_equal(api_count(*state, TOKEN_EVE), 1);
    http_reply_clear(&upper);
    http_reply_clear(&eve);
    http_reply_clear(&bob);
    http_reply_clear(&ana);
    free(body);
}

/* The audit's last entry; the caller's. */
static struct json *last_entry(const struct mock *mock, const char *token)
{
    struct http_reply page = api_get(mock, token, "/v1/audit");
    struct json *data = json_member(page.json, "data");
    struct json *last = json_copy(json_item(data, json_count(data) - 1));
    assert_non_null(last);
    http_reply_clear(&page);
    return last;
}

/* From the second retry on the server needn't read the body: that must not be seen. */
static void a_second_retry_is_audited_as_the_first(void **state)
{
    static const char *const TOLD[] = {"tenant",     "user",  "endpoint",     "key",
                                       "number",     "year",  "external_ref", "outcome",
                                       "invoice_id", "status"};
    char *body = sample_body("1", "{\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}");
    struct http_reply made = api_create(*state, "\"k1\"", body);
    struct http_reply first = api_create(*state, "\"k1\"", body);
    struct json *entry = last_entry(*state, TOKEN_ANA);
    struct http_reply second = api_create(*state, "\"k1\"", body);
    struct json *again = last_entry(*state, TOKEN_ANA);
    api_assert_same(&made, &first);
    api_assert_same(&made, &second);
    assert_string_equal(json_text(entry, "outcome"), "replayed");
    for (size_t i = 0; i < COUNT_OF(TOLD); i++) {
        print_message("member: %s\n", TOLD[i]);
        assert_non_null(json_member(entry, TOLD[i]));
        assert_true(json_equal(json_member(entry, TOLD[i]), json_member(again, TOLD[i])));
    }
    assert_int_equal(json_integer(json_member(again, "seq"), 0),
                     json_integer(json_member(entry, "seq"), 0) + 1);
    json_free(entry);
    json_free(again);
    struct http_reply *const all[] = {&made, &first, &second};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
    free(body);
}

static void retry(const struct mock *mock, const char *body, int times)
{
    for (int i = 0; i < times; i++) {
        struct http_reply reply = api_create(mock, "\"k1\"", body);
        assert_true(api_is_replay(&reply));
        http_reply_clear(&reply);
    }
}

static void what_is_remembered_is_one_tenant_s_request(void **state)
{
    char *body = sample_body("1", NULL);
    struct http_reply made = api_create(*state, "\"k1\"", body);
    api_assert_status(&made, 201);
    retry(*state, body, 2);
    char *changed = sample_body("2", NULL);
    struct http_reply other = api_create(*state, "\"k1\"", changed);
    api_assert_problem(&other, "idempotency-key-reused");
    struct http_reply eve = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&eve, 201);
    assert_false(api_is_replay(&eve));
    struct http_reply customer = api_post(*state, "/v1/customers", TOKEN_ANA, "\"k1\"", body);
    api_assert_problem(&customer, "validation-failed");
    char *keyed = sample_body("1", "{\"idempotency_key\":\"k2\"}");
    struct http_reply disagrees = api_create(*state, "\"k1\"", keyed);
    api_assert_problem(&disagrees, "idempotency-key-disagrees");
    retry(*state, body, 1);
    struct http_reply *const all[] = {&made, &other, &eve, &customer, &disagrees};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
    free(keyed);
    free(changed);
    free(body);
}

static void a_refusal_is_remembered_as_one(void **state)
{
    struct http_reply made = api_create_sample(*state, "\"k0\"", "1", NULL);
    api_assert_status(&made, 201);
    struct http_reply taken = api_create_sample(*state, "\"k1\"", "1", NULL);
    for (int i = 0; i < 3; i++) {
        struct http_reply again = api_create_sample(*state, "\"k1\"", "1", NULL);
        api_assert_problem(&again, "invoice-number-taken");
        api_assert_same(&taken, &again);
        assert_true(api_is_replay(&again));
        assert_string_equal(http_header(&again, "location"), http_header(&taken, "location"));
        http_reply_clear(&again);
    }
    http_reply_clear(&taken);
    http_reply_clear(&made);
}

static void records_of_any_size_are_replayed(void **state)
{
    char *notes = malloc(2001);
    assert_non_null(notes);
    memset(notes, 'n', 2000);
    notes[2000] = '\0';
    char *changes = support_format("{\"notes\":\"%s\"}", notes);
    char *body = sample_body("1", changes);
    struct json *invoice = json_from(body);
    struct json *lines = json_member(invoice, "lines");
    while (json_count(lines) < 200)
        json_append(lines, json_copy(json_item(lines, 0)));
    for (size_t i = 0; i < 200; i++)
        json_put(json_item(lines, i), "description", json_new_string(notes + 1800));
    char *large = json_to(invoice);
    struct http_reply made = api_create(*state, "\"k1\"", large);
    api_assert_status(&made, 201);
    for (int i = 0; i < 3; i++) {
        struct http_reply again = api_create(*state, "\"k1\"", large);
        api_assert_same(&made, &again);
        assert_true(api_is_replay(&again));
        http_reply_clear(&again);
    }
    http_reply_clear(&made);
    free(large);
    json_free(invoice);
    free(body);
    free(changes);
    free(notes);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(the_record_has_every_member, NULL),
    SERVER_TEST(what_was_left_out_has_its_default, NULL),
    SERVER_TEST(totals_follow_en_16931, NULL),
    SERVER_TEST(the_same_again_is_replayed_byte_for_byte, NULL),
    SERVER_TEST(spelling_does_not_matter_values_do, NULL),
    SERVER_TEST(another_body_under_the_key_is_refused, NULL),
    SERVER_TEST(a_key_belongs_to_a_tenant_not_to_a_user, NULL),
    SERVER_TEST(a_second_retry_is_audited_as_the_first, NULL),
    SERVER_TEST(what_is_remembered_is_one_tenant_s_request, NULL),
    SERVER_TEST(a_refusal_is_remembered_as_one, NULL),
    SERVER_TEST(records_of_any_size_are_replayed, NULL),
};

API_MAIN("create", TESTS)
