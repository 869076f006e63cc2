/* Of the input: the piece of the file that is looked at. */
#include "tui/batch/input_inside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

ssize_t input_read_some(int file, char *bytes, size_t size)
{
    ssize_t length;
    do
        length = read(file, bytes, size);
    while (length < 0 && errno == EINTR);
    return length;
}

bool input_fill(struct input *input)
{
    memmove(input->bytes, input->bytes + input->begin, input->end - input->begin);
    input->end -= input->begin;
    input->begin = 0;
    ssize_t length =
        input_read_some(input->file, input->bytes + input->end, INPUT_CAPACITY - input->end);
    if (length < 0) return false;
    input->end += (size_t)length;
    input->bytes[input->end] = '\0';
    input->ended = length == 0;
    return true;
}

void input_pass(struct input *input, size_t count)
{
    const char *at = input->bytes + input->begin, *end = at + count, *newline;
    while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        input->line++;
        input->column = 0;
        at = newline + 1;
    }
    input->column += (size_t)(end - at);
    input->begin += count;
}
