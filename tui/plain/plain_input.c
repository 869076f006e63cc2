#include "tui/plain/plain_input.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios modes_before;
static volatile bool silent; /* the terminal isn't in these modes */

static bool is_ready(void)
{
    struct pollfd descriptor = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&descriptor, 1, 0) > 0;
}

/* Makes room: what was given out is past. */
static void compact(struct plain_input *input)
{
    input->length -= input->given;
    memmove(input->bytes, input->bytes + input->given, input->length);
    input->given = 0;
}

static size_t read_more(struct plain_input *input)
{
    char *end = input->bytes + input->length;
    if (input->ended || input->length == PLAIN_LINE_MAX || !is_ready()) return 0;
    ssize_t length = read(STDIN_FILENO, end, PLAIN_LINE_MAX - input->length);
    if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN)) input->ended = true;
    if (length <= 0) return 0;
    for (ssize_t i = 0; i < length; i++)
        if (end[i] == '\0') end[i] = '\1'; /* a field takes neither, and a line goes on */
    input->length += (size_t)length;
    return (size_t)length;
}

void plain_input_read(struct plain_input *input)
{
    compact(input);
    read_more(input);
}

char *plain_input_next(struct plain_input *input)
{
    compact(input);
    char *end = memchr(input->bytes, '\n', input->length);
    if (input->skipping) {
        input->given = end ? (size_t)(end + 1 - input->bytes) : input->length;
        input->skipping = !end;
        return end ? plain_input_next(input) : NULL;
    }
    bool too_long = !end && input->length == PLAIN_LINE_MAX;
    if (!end && !too_long) return NULL;
    if (!end) end = input->bytes + input->length;
    input->skipping = too_long;
    input->given = too_long ? input->length : (size_t)(end + 1 - input->bytes);
    if (end > input->bytes && end[-1] == '\r') end--;
    *end = '\0';
    return input->bytes;
}

static void count_enters(struct plain_input *input, unsigned *enters)
{
    for (size_t i = input->given; i < input->length; i++)
        *enters += input->bytes[i] == '\n';
    input->length = input->given = 0;
    input->skipping = false;
}

unsigned plain_input_drop(struct plain_input *input)
{
    unsigned enters = 0;
    count_enters(input, &enters);
    while (read_more(input) > 0)
        count_enters(input, &enters);
    return enters;
}

void plain_input_forget(struct plain_input *input)
{
    if (!isatty(STDIN_FILENO)) return;
    plain_input_drop(input);
    tcflush(STDIN_FILENO, TCIFLUSH); /* a line that is begun, too */
}

void plain_input_hold(void)
{
    if (silent || !isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &modes_before) != 0) return;
    struct termios quiet = modes_before;
    quiet.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    silent = true;
    tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
}

void plain_input_let_go(void)
{
    if (!silent) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &modes_before);
    silent = false;
}

void plain_input_restore(void)
{
    if (silent) tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
}
