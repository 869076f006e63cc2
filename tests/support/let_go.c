/* Ends the delays and faults of a server (mock_let_go), for tests written in sh.
 * usage: let-go URL */
#include "tests/support/http.h"
#include "tests/support/mock.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct mock mock = {0};
    if (argc != 2) {
        fputs("usage: let-go URL\n", stderr);
        return 2;
    }
    http_setup();
    snprintf(mock.url, sizeof mock.url, "%s", argv[1]);
    mock_let_go(&mock);
    return 0;
}
