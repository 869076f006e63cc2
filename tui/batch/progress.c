#include "tui/batch/progress.h"

#include "tui/words/words.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOW_EVERY_MS 200
#define COUNT_SIZE    32

/* 1234567 as "1,234,567". */
static void write_count(int64_t count, char text[COUNT_SIZE])
{
    char digits[COUNT_SIZE];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
    size_t out = 0;
    for (int i = 0; i < length && out + 2 < COUNT_SIZE; i++) {
        if (i > 0 && (length - i) % 3 == 0) text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = '\0';
}

void progress_text(const struct progress *progress, int64_t now_ms, char text[PROGRESS_TEXT_SIZE])
{
    char done[COUNT_SIZE], total[COUNT_SIZE], rate[COUNT_SIZE], retries[COUNT_SIZE],
        unconfirmed[COUNT_SIZE], records[PROGRESS_TEXT_SIZE / 2], again[PROGRESS_TEXT_SIZE / 4];
    int64_t passed_ms = now_ms - progress->begun_ms;
    write_count(progress->done, done);
    write_count(progress->total, total);
    write_count(passed_ms > 0 ? progress->done * 1000 / passed_ms : 0, rate);
    write_count(progress->retries, retries);
    write_count(progress->unconfirmed, unconfirmed);
    if (progress->total > 0)
        snprintf(records, sizeof records,
                 words_plural("%s of %s record", "%s of %s records", (size_t)progress->total), done,
                 total);
    else
        snprintf(records, sizeof records, _("%s records"), done);
    snprintf(again, sizeof again, words_plural("%s retry", "%s retries", (size_t)progress->retries),
             retries);
    if (progress->reads)
        snprintf(text, PROGRESS_TEXT_SIZE, _("%s, %s a second, %s"), records, rate, again);
    else
        snprintf(text, PROGRESS_TEXT_SIZE, _("%s, %s a second, %s, %s unconfirmed"), records, rate,
                 again, unconfirmed);
}

void progress_start(struct progress *progress, FILE *terminal, int64_t total, int64_t now_ms)
{
    const char *type = getenv("TERM");
    bool can = isatty(fileno(terminal)) && type && strcmp(type, "dumb") != 0;
    *progress = (struct progress){
        .out = can ? terminal : NULL, .total = total, .begun_ms = now_ms, .shown_ms = now_ms};
}

void progress_show(struct progress *progress, int64_t now_ms)
{
    char text[PROGRESS_TEXT_SIZE];
    if (progress->out == NULL || now_ms - progress->shown_ms < SHOW_EVERY_MS) return;
    progress_text(progress, now_ms, text);
    fprintf(progress->out, "\r%s\x1b[K", text);
    fflush(progress->out);
    progress->shown_ms = now_ms;
    progress->shown = true;
}

void progress_hide(struct progress *progress)
{
    if (!progress->shown) return;
    fputs("\r\x1b[K", progress->out);
    fflush(progress->out);
    progress->shown = false;
    progress->shown_ms = 0;
}
