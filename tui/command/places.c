#include "tui/command/places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *variable, *below_home;
} PLACES[] = {
    [PLACE_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PLACE_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PLACE_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

char *place_file(enum place place, const char *name)
{
    const char *base = getenv(PLACES[place].variable);
    const char *home = getenv("HOME");
    char *path = NULL;
    int written = -1;
    if (base && base[0] == '/')
        written = asprintf(&path, "%s/invonce/%s", base, name);
    else if (home && home[0] == '/')
        written = asprintf(&path, "%s/%s/invonce/%s", home, PLACES[place].below_home, name);
    return written < 0 ? NULL : path;
}

bool place_make_room(const char *path)
{
    char *directory = strdup(path);
    if (!directory) return false;
    bool made = true;
    for (char *slash = strchr(directory + 1, '/'); made && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = mkdir(directory, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(directory);
    return made;
}
