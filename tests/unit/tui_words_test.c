/* Words in the reader's language: which one, from where, and what of finished sentences. */
#include "tui/words/words.h"

#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/support/temp_dir.h"
#include "tui/form/actions.h"
#include "tui/terminal/keys.h"
#include "tui/words/catalog.h"
#include "tui/words/retold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define CATALOG      LOCALE_DIRECTORY "/pt_BR/LC_MESSAGES/invonce.mo"

static char home[TEMP_DIR_SIZE];

static int speak_portuguese(void **state)
{
    (void)state;
    return words_speak("pt_BR") ? 0 : -1;
}

static int speak_english(void **state)
{
    (void)state;
    temp_dir_remove(home);
    return words_speak("en") ? 0 : -1;
}

static void set(const char *name, const char *value)
{
    if (value)
        assert_int_equal(setenv(name, value, 1), 0);
    else
        assert_int_equal(unsetenv(name), 0);
}

static void the_environment_says_which_language(void **state)
{
    (void)state;
    static const struct {
        const char *language, *all, *messages, *lang, *is;
    } cases[] = {
        {NULL, NULL, NULL, NULL, "en"},
        {NULL, NULL, NULL, "pt_BR.UTF-8", "pt_BR"},
        {NULL, NULL, NULL, "pt_BR", "pt_BR"},
        {NULL, NULL, NULL, "pt_PT.UTF-8@euro", "pt_BR"},
        {NULL, NULL, NULL, "ptx_BR", "en"},
        {NULL, NULL, NULL, "p", "en"},
        {NULL, NULL, NULL, "de_DE.UTF-8", "en"},
        {NULL, NULL, "pt_BR.UTF-8", "en_US.UTF-8", "pt_BR"},
        {NULL, "en_US.UTF-8", "pt_BR.UTF-8", "pt_BR.UTF-8", "en"},
        {NULL, "", "", "pt_BR.UTF-8", "pt_BR"},
        {NULL, "C.UTF-8", NULL, "pt_BR.UTF-8", "en"},
        {"pt_BR:pt:en", NULL, NULL, "en_US.UTF-8", "pt_BR"},
        {"de:en:pt_BR", NULL, NULL, "pt_BR.UTF-8", "en"},
        {"de::fr", NULL, NULL, "pt_BR.UTF-8", "pt_BR"},
        {"pt_BR", NULL, NULL, "C.UTF-8", "pt_BR"},
        {"pt_BR", NULL, NULL, "C", "en"},
        {"pt_BR", "POSIX", NULL, "pt_BR.UTF-8", "en"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set("LANGUAGE", cases[i].language);
        set("LC_ALL", cases[i].all);
        set("LC_MESSAGES", cases[i].messages);
        set("LANG", cases[i].lang);
        assert_string_equal(words_of_environment(), cases[i].is);
    }
}

static void another_character_set_is_noticed(void **state)
{
    (void)state;
    set("LC_ALL", NULL);
    set("LC_CTYPE", NULL);
    set("LANG", "pt_BR.ISO-8859-1");
    assert_string_equal(words_other_charset(), "ISO-8859-1");
    set("LC_CTYPE", "pt_BR.utf8");
    assert_null(words_other_charset());
    set("LC_ALL", "C");
    assert_null(words_other_charset());
    set("LC_ALL", "en_US.UTF-8");
    assert_null(words_other_charset());
}

static void an_unknown_language_changes_nothing(void **state)
{
    (void)state;
    assert_false(words_has("fr"));
    assert_false(words_has("pt"));
    assert_false(words_has(""));
    assert_false(words_speak("fr"));
    assert_string_equal(words_in("Quit"), "Sair");
}

static void sentences_of_the_contract(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Saving...", "Salvando..."},
        {"Invoice created - we ignored the duplicate submission and kept your first request.",
         "Fatura criada - ignoramos o envio duplicado e mantivemos sua primeira requisição."},
        {"This invoice number already exists. We kept the original and didn't create a second one.",
         "Esse número de fatura já existe. Mantivemos o original e não criamos um segundo."},
    };
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_string_equal(words_in(pairs[i][0]), pairs[i][1]);
    words_speak("en");
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_string_equal(words_in(pairs[i][0]), pairs[i][0]);
}

static void what_is_missing_stays_english(void **state)
{
    (void)state;
    assert_string_equal(words_in("no such message"), "no such message");
    assert_string_equal(words_in(""), ""); /* not the catalogue's head */
    assert_string_equal(C_("nowhere", "Outbox"), "Outbox");
    assert_string_equal(C_("key", "Outbox"), "Envios");
    assert_string_equal(C_("title", "Outbox"), "Caixa de saída");
}

/* Zero is singular in Portuguese, and plural in English; the .po file's head says the same. */
static void things_are_counted(void **state)
{
    (void)state;
    static const char one[] = "%s of %s record", many[] = "%s of %s records";
    assert_string_equal(words_plural(one, many, 0), "%s de %s registro");
    assert_string_equal(words_plural(one, many, 1), "%s de %s registro");
    assert_string_equal(words_plural(one, many, 2), "%s de %s registros");
    words_speak("en");
    assert_string_equal(words_plural(one, many, 0), many);
    assert_string_equal(words_plural(one, many, 1), one);
    struct catalog catalog;
    assert_true(catalog_open(&catalog, CATALOG));
    assert_string_equal(catalog_text(&catalog, 0), "");
    assert_non_null(strstr(catalog_translation(&catalog, 0), "plural=(n > 1)"));
    catalog_close(&catalog);
}

static void expect_retold(const char *sentence, const char *told)
{
    char *text = words_retold(sentence);
    assert_string_equal(text, told);
    free(text);
}

static void finished_sentences_are_told_again(void **state)
{
    (void)state;
    expect_retold("connection refused", "conexão recusada");
    expect_retold("the answer was not the record (418)", "a resposta não era o registro (418)");
    expect_retold(
        "The quantity of line 2 is not a decimal number (\"1,5\"); write it as 1.5 or -2.",
        "Quantidade da linha 2: não é um número decimal (\"1,5\"); escreva como 1.5 ou "
        "-2.");
    expect_retold("The due date is before the issue date; write that day or a later one.",
                  "Data de vencimento: é anterior à emissão; informe esse dia ou um posterior.");
    expect_retold("It ends too early (line 1, column 7).",
                  "Termina cedo demais (linha 1, coluna 7).");
    expect_retold("The journal /tmp/j: the disk is full; make room and try again.",
                  "O diário /tmp/j: o disco está cheio; libere espaço e tente de novo.");
    expect_retold("The lines must be a list of objects, not a string.",
                  "lines deve ser uma lista de objetos, não um texto.");
    words_speak("en");
    expect_retold("connection refused", "connection refused");
}

/* The server is somebody else: nothing that it says can be more than a text. */
static void foreign_sentences_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const sentences[] = {
        "",
        "%",
        "%s",
        "%n%n%n%s",

        "Something else.",
        "a: b",
        "The ",
        "the answer was not the record (x)",
        "the answer was not the record ()",
        "\xff\xfe",
    };
    for (size_t i = 0; i < COUNT(sentences); i++) {
        expect_retold(sentences[i], sentences[i]);
    }
    char *text = words_retold("%n of line 7");
    assert_string_equal(text, "%n da linha 7");
    free(text);
    enum { LONG = 100000 };
    char *endless = malloc(LONG + 1);
    assert_non_null(endless);
    for (size_t i = 0; i < LONG; i++)
        endless[i] = " of line 1"[i % 10];
    endless[LONG] = '\0';
    free(words_retold(endless));
    free(endless);
}

/* What breaks each rule: none of the sentences that come of it stays English. */
static void each_rule_is_told_in_portuguese(void **state)
{
    (void)state;
    char digits[] = "99999999999999", longer[300];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    const struct values_row lines[] = {
        {{"", "", "", ""}},           {{"a\tb", "x", "x", "x"}},
        {{longer, "0", "-1", "101"}}, {{"a", "1.23456", "1", "1.234"}},
        {{"a", digits, digits, "0"}}, {{"a", "1234567890123456", "1", "1"}},
    };
    const struct values invoices[] = {
        {.rows = lines,
         .row_count = COUNT(lines),
         .texts[INVOICE_NOTES] = "\x01",
         .texts[INVOICE_EXTERNAL_SOURCE] = "shop"},
        {.texts[INVOICE_NUMBER] = longer,
         .texts[INVOICE_ISSUE_DATE] = "2026-02-30",
         .texts[INVOICE_DUE_DATE] = "x",
         .texts[INVOICE_CURRENCY] = "euro",
         .texts[INVOICE_EMAIL] = "nobody",
         .texts[INVOICE_NAME] = "\x01"},
        {.texts[INVOICE_NUMBER] = "1",
         .texts[INVOICE_ISSUE_DATE] = "2026-02-02",
         .texts[INVOICE_DUE_DATE] = "2026-02-01",
         .texts[INVOICE_CURRENCY] = "EUR",
         .texts[INVOICE_EMAIL] = "a@b.example",
         .rows = &lines[4],
         .row_count = 1},
        {.row_count = INVOICE_LINES_MAX + 1, .texts[INVOICE_EXTERNAL_ID] = "A-17"},
    };
    size_t told = 0;
    for (size_t i = 0; i < COUNT(invoices); i++) {
        struct violations violations = {0};
        assert_false(resource_judge(&INVOICE, &invoices[i], NULL, &violations));
        for (size_t at = 0; at < violations.count; at++, told++) {
            const char *detail = violations.items[at].detail;
            char *text = words_retold(detail);
            assert_string_not_equal(text, detail);
            assert_null(strstr(text, "The "));
            assert_null(strstr(text, " is "));
            assert_null(strstr(text, "write"));
            free(text);
        }
        violations_clear(&violations);
    }
    assert_in_range(told, 30, 100);
}

/* The key bar of each view stands in 80 columns, and each help line beside its keys. Only the
 * audit, which Esc leaves as well, may lack its F9. */
static size_t bar_columns(enum view view, bool takes)
{
    size_t columns = 1;
    for (size_t i = 0; action_row(i); i++) {
        const struct action_info *info = action_row(i);
        char name[KEYS_NAME_MAX];
        if (!(info->views & (1u << view)) || !info->label || (takes ? info->yields : info->takes) ||
            (info->only_in_demo && (view != VIEW_AUDIT || info->action == ACTION_AUDIT)))
            continue;
        keys_name(info->keys[0], name);
        columns += (columns > 1 ? 2 : 0) + text_width(name) + 1 + text_width(_(info->label));
    }
    return columns;
}

static void key_bars_and_help_fit(void **state)
{
    (void)state;
    for (enum view view = 0; view < VIEWS; view++) {
        for (int takes = 0; takes < 2; takes++) {
            size_t columns = bar_columns(view, takes);
            if (columns > 80)
                fail_msg("the key bar of view %d has %zu columns", (int)view, columns);
        }
    }
    for (size_t i = 0; action_row(i); i++) {
        if (text_width(_(action_row(i)->help)) > 80 - 33)
            fail_msg("%s: too long", _(action_row(i)->help));
        if (text_width(action_row(i)->help) > 80 - 33)
            fail_msg("%s: too long", action_row(i)->help);
    }
}

/* A damaged catalogue is no catalogue: cut anywhere, or with a byte changed, it is refused or gives
 * texts that end. */
static void a_damaged_catalogue_does_no_harm(void **state)
{
    (void)state;
    temp_dir_make(home);
    FILE *file = fopen(CATALOG, "re");
    assert_non_null(file);
    static char bytes[200000];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_in_range(length, 1000, sizeof bytes - 1);
    struct catalog catalog;
    for (size_t i = 0; i < 300; i++) {
        size_t cut = i < 100 ? i : i * length / 300;
        char *path = temp_dir_write(home, "cut.mo", bytes, cut);
        assert_false(catalog_open(&catalog, path));
        bytes[i % 100] ^= (char)(1 << i % 8);
        free(path);
        path = temp_dir_write(home, "changed.mo", bytes, length);
        if (catalog_open(&catalog, path)) {
            for (size_t at = 0; at < catalog.count; at++)
                (void)strlen(catalog_translation(&catalog, at));
            catalog_find(&catalog, "Quit", 1);
            free(retold(&catalog, "The quantity of line 2 is required."));
            catalog_close(&catalog);
        }
        bytes[i % 100] ^= (char)(1 << i % 8);
        free(path);
    }
    assert_false(catalog_open(&catalog, home));
    assert_false(catalog_open(&catalog, "/nowhere/at/all"));
    assert_null(catalog_find(&catalog, "Quit", 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, speak_portuguese, speak_english)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_environment_says_which_language), TEST(another_character_set_is_noticed),
        TEST(an_unknown_language_changes_nothing), TEST(sentences_of_the_contract),
        TEST(what_is_missing_stays_english),       TEST(things_are_counted),
        TEST(finished_sentences_are_told_again),   TEST(foreign_sentences_stay_as_they_are),
        TEST(each_rule_is_told_in_portuguese),     TEST(key_bars_and_help_fit),
        TEST(a_damaged_catalogue_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
