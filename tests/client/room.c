#include "tests/client/room.h"

#include "tests/support/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX      32
#define SERVER_OPTIONS_MAX 16

const char *room_program(void)
{
    return INVONCE_CLIENT_PROGRAM;
}

void room_set(struct room *room, const char *variable)
{
    size_t length = strcspn(variable, "=") + 1;
    for (size_t i = 0; i < room->variable_count; i++) {
        if (strncmp(room->variables[i], variable, length) != 0) continue;
        free(room->variables[i]);
        room->variables[i] = support_format("%s", variable);
        return;
    }
    if (room->variable_count == ROOM_VARIABLES_MAX) support_die("too many variables");
    room->variables[room->variable_count++] = support_format("%s", variable);
}

void room_unset(struct room *room, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < room->variable_count; i++) {
        char *variable = room->variables[i];
        if (strncmp(variable, name, length) != 0 || variable[length] != '=') continue;
        room->variables[i] = room->variables[--room->variable_count];
        room->variables[room->variable_count] = NULL;
        free(variable);
        return;
    }
}

static void set_place(struct room *room, const char *name, const char *below)
{
    char *variable = support_format("%s=%s%s", name, room->home, below);
    room_set(room, variable);
    free(variable);
}

void room_open(struct room *room, const char *url, const char *const *settings)
{
    *room = (struct room){0};
    temp_dir_make(room->home);
    room->journal = support_format("%s/state/invonce/journal.db", room->home);
    set_place(room, "HOME", "");
    set_place(room, "XDG_STATE_HOME", "/state");
    set_place(room, "XDG_CONFIG_HOME", "/config");
    set_place(room, "XDG_DATA_HOME", "/data");
    room_set(room, "LC_ALL=C.UTF-8");
    room_set(room, "INVONCE_TOKEN=" TOKEN_ANA);
    char *server = support_format("INVONCE_SERVER=%s", url);
    room_set(room, server);
    free(server);
    for (; settings && *settings; settings++)
        room_set(room, *settings);
}

void room_clear(struct room *room)
{
    temp_dir_remove(room->home);
    free(room->journal);
    for (size_t i = 0; i < room->variable_count; i++)
        free(room->variables[i]);
    *room = (struct room){0};
}

char *room_write(const struct room *room, const char *name, const char *text)
{
    return temp_dir_write(room->home, name, text, strlen(text));
}

char *room_write_invoice(const struct room *room, const char *number)
{
    char *body = sample_body(number, NULL);
    char *path = room_write(room, "invoice.json", body);
    free(body);
    return path;
}

static void compose(const char **argv, const char *const *arguments)
{
    size_t count = 0;
    argv[count++] = INVONCE_CLIENT_PROGRAM;
    for (; *arguments; arguments++) {
        if (count == ARGUMENTS_MAX) support_die("too many arguments");
        argv[count++] = *arguments;
    }
    argv[count] = NULL;
}

static const char *const *environment_of(const struct room *room)
{
    return (const char *const *)room->variables;
}

void room_start(const struct room *room, struct process *process, const char *const *arguments)
{
    const char *argv[ARGUMENTS_MAX + 1];
    compose(argv, arguments);
    process_start(process, argv, environment_of(room));
}

struct process_result room_run(const struct room *room, const char *const *arguments)
{
    const char *argv[ARGUMENTS_MAX + 1];
    compose(argv, arguments);
    return process_run(argv, environment_of(room), 4 * PATIENCE_MS);
}

struct process_result room_create(const struct room *room, const char *file)
{
    return room_run(room, (const char *const[]){"create", file, "--json", NULL});
}

struct json *room_lines(const char *output)
{
    struct json *lines = json_new_array();
    if (!lines) support_die("out of memory");
    for (const char *end; *output; output = end + 1) {
        end = strchr(output, '\n');
        struct json *line = end ? json_read(output, (size_t)(end - output)) : NULL;
        if (!line) {
            json_free(lines);
            return NULL;
        }
        json_append(lines, line);
    }
    return lines;
}

bool room_server_again(struct mock *mock, const char *const *options)
{
    char *address = support_format("127.0.0.1:%hu", mock->port);
    const char *all[SERVER_OPTIONS_MAX + 1] = {"--listen", address};
    size_t count = 2;
    for (; options && *options; options++) {
        if (count == SERVER_OPTIONS_MAX) support_die("too many options");
        all[count++] = *options;
    }
    mock_kill(mock);
    bool started = mock_start(mock, all);
    free(address);
    return started;
}
