/* Brazilian Portuguese on the real screen: however it is asked for, the contract's sentences in it,
 * and nothing of it cut at 80 columns. */
#include "tests/support/process.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define BUTTON  "[ Criar fatura ]"
#define SAVING  "[ Salvando...  ]"
#define IGNORED "Fatura criada - ignoramos o envio duplicado e mantivemos sua primeira requisição."
#define TAKEN   "Esse número de fatura já existe. Mantivemos o original e não criamos um segundo."
#define CUT     "\u2026"

static struct desk desk;

static const char *const portuguese[] = {"INVONCE_LANG=pt_BR", NULL};
static const char *const impatient[] = {"INVONCE_LANG=pt_BR", "INVONCE_CONNECT_TIMEOUT=1s",
                                        "INVONCE_ATTEMPT_TIMEOUT=1s", "INVONCE_RETRY_BUDGET=2s",
                                        NULL};

/* The form with an invoice in it; `environment` names the language. */
static void open_form(const char *number, const char *changes, const char *const *environment)
{
    char *body = sample_body(number, changes);
    char *file = temp_dir_write(desk.home, "prefill.json", body, strlen(body));
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"--prefill", file, NULL},
                                      .environment = environment});
    free(file);
    free(body);
    look_for(desk.pty, BUTTON);
    look_row(desk.pty, "Número", number);
    look_status(desk.pty, "Editando");
    look_row(desk.pty, "Invonce", "north / ana");
}

/* Nothing on the screen was too long for its place. */
static void expect_whole(void)
{
    if (screen_shows(desk.pty, CUT)) look_fail(desk.pty, __FILE__, __LINE__, "something is cut");
}

static void expect_button(const char *const *arguments, const char *const *environment,
                          const char *button)
{
    desk_start(&desk, &(struct desk_options){.arguments = arguments, .environment = environment});
    look_for(desk.pty, button);
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
}

/* The flag, then the environment, then the file, then the locale, which need not be there. */
static void the_language_is_asked_for_in_each_way(void **state)
{
    (void)state;
    static const char english[] = "[ Create invoice ]";
    const char *const brazil[] = {"LC_ALL=pt_BR.UTF-8", NULL};
    const char *const bare[] = {"LC_ALL=C", "LANGUAGE=pt_BR", NULL};
    const char *const none[] = {NULL};
    expect_button(none, none, english);
    expect_button(none, bare, english);
    expect_button(none, brazil, BUTTON);
    char *directory = support_format("%s/config/invonce", desk.home);
    char *above = support_format("%s/config", desk.home);
    mkdir(above, 0700);
    assert_int_equal(mkdir(directory, 0700), 0);
    free(temp_dir_write(directory, "config.ini", "lang = en\n", strlen("lang = en\n")));
    free(above);
    free(directory);
    expect_button(none, brazil, english);
    expect_button(none, portuguese, BUTTON);
    expect_button((const char *const[]){"--lang=en", NULL}, portuguese, english);
    expect_button((const char *const[]){"--lang", "pt_BR", NULL}, none, BUTTON);
}

static void an_unknown_language_is_refused(void **state)
{
    (void)state;
    const char *const commands[] = {"create", "outbox", "demo", NULL};
    char *home = support_format("HOME=%s", desk.home);
    for (size_t i = 0; i < 4; i++) {
        const char *argv[] = {
            desk_program(), commands[i] ? commands[i] : "--recover", "--lang", "fr", NULL, NULL};
        if (i == 0) argv[4] = "-";
        struct process_result result =
            process_run(argv, (const char *const[]){home, "LC_ALL=C", NULL}, 20000);
        assert_int_equal(result.code, 2);
        assert_non_null(strstr(result.errors, "--lang"));
        assert_non_null(strstr(result.errors, "en or pt_BR"));
        process_result_clear(&result);
    }
    free(home);
}

/* Help, and the sentence for a wrong command line, before there is any screen. */
static void words_without_a_screen(void **state)
{
    (void)state;
    char *home = support_format("HOME=%s", desk.home);
    const char *const environment[] = {home, "LC_ALL=C", NULL};
    struct process_result result = process_run(
        (const char *const[]){desk_program(), "create", "--help", "--lang", "pt_BR", NULL},
        environment, 20000);
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "\nOPÇÕES\n"));
    assert_non_null(strstr(result.output, "--lang en|pt_BR"));
    process_result_clear(&result);
    result = process_run((const char *const[]){desk_program(), "--nonsense", "--lang=pt_BR", NULL},
                         environment, 20000);
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "este argumento não é conhecido aqui"));
    process_result_clear(&result);
    free(home);
}

/* What programs read stays English; the same told to a person doesn't. */
static void json_stays_english(void **state)
{
    (void)state;
    static const char record[] = "{\"number\":7}\n";
    char *file = temp_dir_write(desk.home, "wrong.json", record, strlen(record));
    char *home = support_format("HOME=%s", desk.home);
    char *server = support_format("INVONCE_SERVER=%s", desk.mock.url);
    const char *const environment[] = {home, server, "INVONCE_TOKEN=" TOKEN_ANA,
                                       "INVONCE_LANG=pt_BR", NULL};
    struct process_result json = process_run(
        (const char *const[]){desk_program(), "create", file, "--json", NULL}, environment, 20000);
    assert_int_equal(json.code, 4);
    assert_non_null(strstr(json.output, "\"outcome\":\"rejected\""));
    assert_non_null(strstr(json.output, "The currency is required."));
    struct process_result words = process_run(
        (const char *const[]){desk_program(), "create", file, NULL}, environment, 20000);
    assert_int_equal(words.code, 4);
    assert_int_equal(strncmp(words.output, "rejeitada linha 1: ", strlen("rejeitada linha 1: ")),
                     0);
    assert_non_null(
        strstr(words.output, "/issue_date: Data de emissão: preenchimento obrigatório."));
    assert_null(strstr(words.output, "required"));
    process_result_clear(&json);
    process_result_clear(&words);
    free(server);
    free(home);
    free(file);
}

/* The button keeps its place and width, and the frame holds still. */
static void five_presses_make_one_invoice(void **state)
{
    (void)state;
    open_form("2026-0701", NULL, portuguese);
    expect_whole();
    char *picture = screen_text(desk.pty);
    char *button = strstr(picture, BUTTON);
    assert_non_null(button);
    memcpy(button, SAVING, strlen(SAVING));
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter><Enter><Enter><Enter><Enter>");
    look_a_second_of(desk.pty, "Salvando");
    look_screen(desk.pty, picture);
    free(picture);
    desk_let_go_server(&desk);
    look_sentence(desk.pty, IGNORED);
    look_status(desk.pty, "Criada");
    look_for(desk.pty, "Fatura criada");
    look_for(desk.pty, "1 tentativa, 1 registro");
    expect_whole();
    ledger_expect_one(&desk, "2026-0701");
}

static void a_taken_number_is_a_conflict(void **state)
{
    (void)state;
    open_form("2026-0702", NULL, portuguese);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Criada");
    open_form("2026-0702", "{\"notes\":\"de novo\"}", portuguese);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflito");
    look_sentence(desk.pty, TAKEN);
    look_row(desk.pty, "Observações", "de novo");
    look_row(desk.pty, "Total", "1 linha, 217.80 EUR");
    expect_whole();
    keys_press(desk.pty, "v");
    look_for(desk.pty, "A fatura original");
    expect_whole();
}

/* Complaints that the form makes by itself, as one that the server would make. */
static void what_is_wrong_is_said(void **state)
{
    (void)state;
    open_form(
        "2026-0703",
        "{\"currency\":\"EU\",\"customer\":{\"email\":\"ninguem\"},\"lines\":[{\"description\":"
        "\"a\",\"quantity\":\"1,5\",\"unit_price\":\"2\",\"tax_rate\":\"x\"}]}",
        portuguese);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejeitada  Moeda, E-mail do cliente, linha 1 Quantidade");
    look_for(desk.pty, "Moeda: não é um código da ISO 4217 (\"EU\")");
    expect_whole();
    keys_press(desk.pty, "<C-k><C-u>EUR<Tab>");
    look_sentence(desk.pty, "E-mail do cliente: não é um endereço de e-mail (\"ninguem\")");
    expect_whole();
}

/* The second reply is held, so that the attempt can be read. */
static void the_second_attempt_is_seen(void **state)
{
    (void)state;
    assert_true(desk_close(&desk));
    desk_open(&desk,
              (const char *const[]){"--faults-api", "--fault", "drop-response@attempt=1", "--fault",
                                    "delay-before-commit" MOCK_HOLDS "@attempt=2", NULL});
    open_form("2026-0704", NULL, portuguese);
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Salvando",
             "s  sem resposta, tentando de novo com a mesma chave, tentativa 2");
    expect_whole();
    mock_let_go(&desk.mock);
    look_status(desk.pty, "Criada");
    look_for(desk.pty, "2 tentativas, 1 registro");
}

static void the_other_views_are_whole(void **state)
{
    (void)state;
    open_form("2026-0705", NULL, impatient);
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "Teclas");
    expect_whole();
    keys_press(desk.pty, "<PageDown><PageDown>");
    look_for(desk.pty, "sair; o que está pendente fica guardado");
    expect_whole();
    keys_press(desk.pty, "<Esc><F3>");
    look_sentence(desk.pty, "Ainda não há faturas.");
    expect_whole();
    keys_press(desk.pty, "<Esc><F4>");
    look_sentence(desk.pty, "Tudo está resolvido: não há nada a enviar.");
    expect_whole();
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, BUTTON);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Não confirmada");
    look_sentence(desk.pty, "A fatura 2026-0705 pode existir ou não");
    look_row(desk.pty, "A última", "sem resposta");
    expect_whole();
    keys_press(desk.pty, "k");
    look_status(desk.pty, "Editando");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "2026-0705", "e");
    look_sentence(desk.pty, "Estas são reenviadas sozinhas");
    expect_whole();
    desk_let_go_server(&desk);
}

static void a_draft_is_offered(void **state)
{
    (void)state;
    open_form("2026-0706", NULL, portuguese);
    keys_press(desk.pty, "<End>7<Tab>");
    look_status(desk.pty, "Editando  rascunho guardado");
    pty_signal(desk.pty, SIGKILL);
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    desk_start(&desk, &(struct desk_options){.environment = portuguese});
    look_for(desk.pty, "Há um rascunho guardado");
    look_row(desk.pty, "R Recuperar", "F10 Sair");
    expect_whole();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_language_is_asked_for_in_each_way),
        DESK_TEST(an_unknown_language_is_refused),
        DESK_TEST(words_without_a_screen),
        DESK_TEST(json_stays_english),
        DESK_TEST(five_presses_make_one_invoice),
        DESK_TEST(a_taken_number_is_a_conflict),
        DESK_TEST(what_is_wrong_is_said),
        DESK_TEST(the_second_attempt_is_seen),
        DESK_TEST(the_other_views_are_whole),
        DESK_TEST(a_draft_is_offered),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
