/* What the form is measured by, in a pseudo-terminal: the time from its start to the first full
 * screen, from a key to its echo, from Enter to "Saving...", and its peak of memory. dialog --form
 * is measured in the same way. */
#include "tests/bench/samples.h"
#include "tests/support/support.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/pty.h"
#include "tests/terminal/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXTS_MAX     8
#define FIELDS_MAX    4
#define ARGUMENTS_MAX 80
#define REST_MS       50 /* before what is measured: as a person pauses, and the same for all */
#define KEYS_IN_FIELD 18 /* fit into the narrowest one */
#define BUTTON        "[ Create invoice ]"
#define BUTTON_SAVING "[   Saving...    ]"

/* A program with a form. */
struct subject {
    const char *name;
    const char *const arguments[ARGUMENTS_MAX]; /* after the program's path */
    const char *const full[TEXTS_MAX];          /* stand on its first full screen, the last first */
    const char *const to_field[FIELDS_MAX];     /* the keys to each field that is typed into */
    const char *const leave;                    /* the keys that end it */
};

static const struct subject subjects[] = {
    {.name = "invonce",
     .full = {"F10 Quit", "Invonce", "Number", "Customer e-mail", "Description", "Notes", BUTTON,
              "Editing"},
     /* The number, the customer's e-mail, a line's description. */
     .to_field = {"", "<Tab><Tab><Tab><Tab>", "<Tab><Tab>"},
     .leave = "<C-q>"},
    {.name = "dialog",
     .arguments =
         {"--backtitle", "Invonce", "--form", "New invoice", "20", "78", "10",  "Number",
          "1",           "1",       "",       "1",           "20", "40", "200", "Issue date",
          "2",           "1",       "",       "2",           "20", "40", "200", "Due date",
          "3",           "1",       "",       "3",           "20", "40", "200", "Currency",
          "4",           "1",       "",       "4",           "20", "40", "200", "Customer e-mail",
          "5",           "1",       "",       "5",           "20", "40", "200", "Description",
          "6",           "1",       "",       "6",           "20", "40", "200", "Notes",
          "7",           "1",       "",       "7",           "20", "40", "200"},
     .full = {"Cancel", "OK", "Invonce", "New invoice", "Number", "Customer e-mail", "Description",
              "Notes"},
     .to_field = {"", "<Down><Down><Down><Down>", "<Down>"},
     .leave = "<Esc><Esc>"},
};

static const struct subject *find_subject(const char *name)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(subjects[i].name, name) == 0) return &subjects[i];
    support_die("there is nothing to measure in %s", name);
}

/* --- a program in its terminal --- */

static struct pty *start(const struct subject *subject, const char *program)
{
    const char *argv[ARGUMENTS_MAX + 2] = {program};
    for (size_t i = 0; i < ARGUMENTS_MAX && subject->arguments[i]; i++)
        argv[i + 1] = subject->arguments[i];
    struct pty *pty = pty_start(&(struct pty_options){
        .argv = argv, .env = (const char *const *)(const void *)environ, .rows = 24, .cols = 80});
    if (!pty) support_die("cannot open a terminal");
    return pty;
}

static void wait_for(struct pty *pty, pty_condition *condition, const void *context,
                     const char *what)
{
    if (pty_wait(pty, condition, context)) return;
    screen_dump(pty, stderr);
    support_die("never seen: %s", what);
}

static bool is_full(struct pty *pty, const void *context)
{
    const struct subject *subject = context;
    for (size_t i = 0; i < TEXTS_MAX && subject->full[i]; i++)
        if (!screen_shows(pty, subject->full[i])) return false;
    return true;
}

static bool shows(struct pty *pty, const void *context)
{
    return screen_shows(pty, context);
}

/* KiB that it had in memory at its peak, of what it loaded too. */
static long peak_kib(const struct pty *pty)
{
    char path[64], line[128];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pty_pid(pty));
    FILE *file = fopen(path, "re");
    if (!file) support_die("cannot read %s", path);
    while (kib == 0 && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    fclose(file);
    return kib;
}

static void print_samples(struct samples *samples)
{
    printf("p50_ms=%.4f p99_ms=%.4f", samples_quantile_ms(samples, 0.5),
           samples_quantile_ms(samples, 0.99));
    samples_clear(samples);
}

/* Ends it as a person does, so that the next one finds what a person would. */
static void leave(struct pty *pty, const struct subject *subject)
{
    int status;
    keys_press(pty, subject->leave);
    if (!pty_wait_exit(pty, &status)) support_die("%s doesn't end", subject->name);
    pty_free(pty);
}

/* --- start to first full screen --- */

static int measure_starts(char **arguments)
{
    const struct subject *subject = find_subject(arguments[0]);
    struct samples samples = {0};
    for (long left = strtol(arguments[2], NULL, 10); left > 0; left--) {
        struct pty *pty = start(subject, arguments[1]);
        wait_for(pty, is_full, subject, "a full screen");
        samples_add(&samples, samples_now_ns() - pty_started_ns(pty));
        pty_read_for(pty, REST_MS);
        leave(pty, subject);
    }
    print_samples(&samples);
    puts("");
    return 0;
}

/* --- key to echo --- */

/* Text in ASCII, at its place: looking there alone takes no time that would be measured. */
struct spot {
    int row, col;
    const char *text;
};

static bool stands(struct pty *pty, const void *context)
{
    const struct spot *spot = context;
    VTermScreenCell cell;
    for (int i = 0; spot->text[i] != '\0'; i++) {
        vterm_screen_get_cell(pty_screen(pty), (VTermPos){spot->row, spot->col + i}, &cell);
        if (cell.chars[0] != (uint32_t)spot->text[i]) return false;
    }
    return true;
}

static bool stands_no_more(struct pty *pty, const void *context)
{
    return !stands(pty, context);
}

struct echoes {
    struct samples samples;
    size_t bytes; /* that came back for all of them, until the program was quiet again */
};

static size_t raw_length(const struct pty *pty)
{
    size_t length;
    pty_raw(pty, &length);
    return length;
}

/* Types one key, whose echo is to stand at `spot`. */
static void type_key(struct pty *pty, const struct spot *spot, struct echoes *echoes)
{
    size_t before = raw_length(pty);
    int64_t start_ns = samples_now_ns();
    pty_send(pty, spot->text, 1);
    wait_for(pty, stands, spot, "the echo of a key");
    samples_add(&echoes->samples, samples_now_ns() - start_ns);
    pty_read_for(pty, REST_MS);
    echoes->bytes += raw_length(pty) - before;
}

/* Types into the empty field that has the focus, and empties it again. */
static void type_into_field(struct pty *pty, size_t count, struct echoes *echoes)
{
    int row, col;
    pty_cursor(pty, &row, &col);
    for (size_t i = 0; i < count;) {
        for (int j = 0; j < KEYS_IN_FIELD && i < count; i++, j++) {
            const char key[] = {(char)('a' + j), '\0'};
            type_key(pty, &(struct spot){row, col + j, key}, echoes);
        }
        keys_press(pty, "<C-u>");
        wait_for(pty, stands_no_more, &(struct spot){row, col, "a"}, "an empty field");
        pty_read_for(pty, REST_MS);
    }
}

static int measure_keys(char **arguments)
{
    const struct subject *subject = find_subject(arguments[0]);
    size_t count = strtoul(arguments[2], NULL, 10);
    struct echoes echoes = {0};
    struct pty *pty = start(subject, arguments[1]);
    wait_for(pty, is_full, subject, "a full screen");
    pty_read_for(pty, REST_MS);
    size_t fields = 0;
    while (fields < FIELDS_MAX && subject->to_field[fields])
        fields++;
    for (size_t i = 0; i < fields; i++) {
        keys_press(pty, subject->to_field[i]);
        keys_press(pty, "<C-u>");
        pty_read_for(pty, REST_MS);
        type_into_field(pty, count / fields, &echoes);
    }
    size_t typed = echoes.samples.count;
    print_samples(&echoes.samples);
    printf(" bytes=%.2f kib=%ld\n", (double)echoes.bytes / (double)typed, peak_kib(pty));
    leave(pty, subject);
    return 0;
}

/* --- Enter to "Saving..." --- */

/* Into an empty form. */
static void type_invoice(struct pty *pty, long number)
{
    char *keys = support_format("<C-u>B-%06ld<Tab><Tab><Tab><Tab>ap@northwind.example<Tab>"
                                "Northwind Ltd<Tab>Consulting<Tab>1.5<Tab>120.00<Tab>21",
                                number);
    keys_press(pty, keys);
    free(keys);
    wait_for(pty, shows, "217.80", "the total");
    pty_read_for(pty, REST_MS);
}

static int measure_saves(char **arguments)
{
    const struct subject *subject = &subjects[0];
    struct samples samples = {0};
    struct pty *pty = start(subject, arguments[0]);
    wait_for(pty, is_full, subject, "a full screen");
    pty_read_for(pty, REST_MS);
    long count = strtol(arguments[1], NULL, 10);
    struct spot button = {.text = BUTTON_SAVING};
    if (!screen_find(pty, BUTTON, &button.row, &button.col)) support_die("no button");
    for (long i = 1; i <= count; i++) {
        type_invoice(pty, i);
        int64_t start_ns = samples_now_ns();
        pty_send(pty, "\r", 1);
        wait_for(pty, stands, &button, BUTTON_SAVING);
        samples_add(&samples, samples_now_ns() - start_ns);
        wait_for(pty, shows, "Invoice created", "the record");
        keys_press(pty, "n");
        wait_for(pty, is_full, subject, "the next form");
    }
    print_samples(&samples);
    printf(" kib=%ld\n", peak_kib(pty));
    leave(pty, subject);
    return 0;
}

int main(int argc, char **argv)
{
    const struct {
        const char *name;
        int arguments;
        int (*carry_out)(char **arguments);
    } commands[] = {
        {"start", 3, measure_starts}, {"keys", 3, measure_keys}, {"save", 2, measure_saves}};
    for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0 && argc - 2 == commands[i].arguments)
            return commands[i].carry_out(argv + 2);
    fputs("usage: bench-tui start invonce|dialog PROGRAM COUNT  from a start to the first full "
          "screen\n"
          "       bench-tui keys invonce|dialog PROGRAM COUNT   from a key to its echo\n"
          "       bench-tui save PROGRAM COUNT                  from Enter to \"Saving...\"\n",
          stderr);
    return 2;
}
