#include "tests/terminal/demo_desk.h"

#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 16

void demo_open(struct desk *desk, int cols, const char *const *flags)
{
    const char *arguments[ARGUMENTS_MAX] = {"demo"};
    size_t count = 1;
    for (; flags != NULL && *flags != NULL; flags++)
        if (count + 1 < ARGUMENTS_MAX) arguments[count++] = *flags;
    desk_start(desk, &(struct desk_options){.arguments = arguments, .cols = cols});
    look_for(desk->pty, "[ Create invoice ]");
    look_for(desk->pty, "operator");
    look_for(desk->pty, "faults:");
}

void demo_type(const struct desk *desk, const char *number)
{
    keys_press(desk->pty, "<C-a><C-k>");
    keys_press(desk->pty, number);
    keys_press(desk->pty,
               "<Tab><C-a><C-k>2026-11-22<Tab><C-a><C-k><Tab><C-a><C-k>EUR<Tab><C-a><C-k>"
               "ap@northwind.example<Tab><C-a><C-k>Northwind<Tab><C-a><C-k>Tea<Tab>"
               "<C-a><C-k>1<Tab><C-a><C-k>2.50");
    look_row(desk->pty, "Total", "2.50");
}

char *demo_store(const struct desk *desk, const char *without)
{
    return support_format("%s/data/invonce/demo%s%s.db", desk->home, without ? "-without-" : "",
                          without ? without : "");
}

struct expectation {
    char *store;
    long long invoices, keys;
};

static bool is_met(void *context)
{
    const struct expectation *expected = context;
    return rows_number(expected->store, "SELECT count(DISTINCT key) FROM audit") ==
               expected->keys &&
           rows_number(expected->store, "SELECT count(*) FROM invoices") == expected->invoices;
}

void demo_expect(const struct desk *desk, const char *without, long long invoices, long long keys)
{
    struct expectation expected = {demo_store(desk, without), invoices, keys};
    if (!support_wait_until(is_met, &expected, PATIENCE_MS))
        look_fail(desk->pty, __FILE__, __LINE__,
                  "expected %lld invoices of %lld keys; there are %lld", invoices, keys,
                  rows_number(expected.store, "SELECT count(*) FROM invoices"));
    free(expected.store);
}

static pid_t parent_of(const char *pid)
{
    char *path = support_format("/proc/%s/stat", pid);
    char text[512] = "";
    FILE *file = fopen(path, "re");
    free(path);
    if (file == NULL) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *name_end = strrchr(text, ')'); /* "PID (NAME) STATE PARENT" */
    return name_end != NULL ? (pid_t)strtol(name_end + strlen(") S "), NULL, 10) : 0;
}

pid_t demo_server(const struct desk *desk)
{
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    if (processes == NULL) support_die("no /proc");
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            parent_of(entry->d_name) == pty_pid(desk->pty))
            found = (pid_t)strtol(entry->d_name, NULL, 10);
    closedir(processes);
    if (found == 0) support_die("the demonstration has no server");
    return found;
}

char *demo_url(const struct desk *desk)
{
    static const char start[] = "http://127.0.0.1:";
    look_for(desk->pty, start);
    char *text = screen_text(desk->pty);
    const char *url = strstr(text, start);
    size_t length = strlen(start) + strspn(url + strlen(start), "0123456789");
    char *copy = support_format("%.*s", (int)length, url);
    free(text);
    return copy;
}

char *demo_token(const struct desk *desk)
{
    char line[128] = "";
    char *path = support_format("%s/state/invonce/demo-tokens", desk->home);
    FILE *file = fopen(path, "re");
    free(path);
    if (file == NULL || fgets(line, sizeof line, file) == NULL) support_die("no token");
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return support_format("%s", strchr(line, '=') + 1);
}
