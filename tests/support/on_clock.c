/* Runs a program, and all that it starts, by the test clock; of the sh that runs a test written in
 * sh.  usage: on-clock PROGRAM [ARGUMENT]... */
#include "tests/support/preload.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: on-clock PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
