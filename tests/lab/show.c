#include "tests/lab/show.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(SCENARIOS_MAX >= 12, "a row for each scenario");

#define TITLE_WIDTH 38
#define CELL_WIDTH  12

void show_head(unsigned seed)
{
    printf("What each layer buys. Records made of what was meant once, and whether everybody was\n"
           "told the truth (! : not always). Seed %u.\n\n%-*s",
           seed, TITLE_WIDTH, "");
    for (int i = 0; i < LAYERS_COUNT; i++)
        printf("%-*s", CELL_WIDTH, LAYERS[i].name);
    putchar('\n');
    fflush(stdout);
}

/* "1", or "1-3". */
static char *range_of(const struct cell *cell)
{
    if (cell->least == cell->most) return support_format("%lld", cell->most);
    return support_format("%lld-%lld", cell->least, cell->most);
}

/* "1 true", "2-3 ! 4/6" */
static char *text_of(const struct cell *cell)
{
    if (!cell->scenario) return support_format("-");
    if (cell->trials == 0) return support_format("?");
    char *range = range_of(cell), *text;
    if (cell->true_trials == cell->trials)
        text = support_format("%s true", range);
    else
        text = support_format("%s ! %u/%u", range, cell->true_trials, cell->trials);
    free(range);
    return text;
}

void show_row(const struct table *table, size_t row)
{
    bool any = false;
    for (size_t column = 0; column < LAYERS_COUNT; column++)
        any = any || table->cells[row][column].scenario;
    if (!any) return;
    printf("%-*s", TITLE_WIDTH, SCENARIOS[row].title);
    for (size_t column = 0; column < LAYERS_COUNT; column++) {
        char *text = text_of(&table->cells[row][column]);
        printf("%-*s", CELL_WIDTH, text);
        free(text);
    }
    putchar('\n');
}

bool show_complaints(const struct table *table, FILE *file)
{
    bool good = true;
    for (size_t row = 0; row < SCENARIO_COUNT; row++) {
        for (size_t column = 0; column < LAYERS_COUNT; column++) {
            const struct cell *cell = &table->cells[row][column];
            const char *complaint = cell->scenario ? cell_complaint(cell) : NULL;
            if (!complaint) continue;
            good = false;
            fprintf(file,
                    "%s, %s: %s\nagain: build/tests/invonce-lab --scenario %s --layers %s --seed "
                    "%u --trials %u\n",
                    cell->scenario->title, cell->layers->name, complaint, cell->scenario->name,
                    cell->layers->name, table->seed, cell->trials > 0 ? cell->trials : 1);
        }
    }
    return good;
}

static struct json *cell_json(const struct cell *cell)
{
    const char *complaint = cell_complaint(cell);
    struct json *json = json_new_texts("scenario", cell->scenario->name, "layers",
                                       cell->layers->name, "complaint", complaint, NULL);
    const struct {
        const char *name;
        long long number;
    } numbers[] = {
        {"trials", cell->trials},
        {"least", cell->least},
        {"most", cell->most},
        {"true", cell->true_trials},
        {"attempted", cell->counts.attempted},
        {"acknowledged", cell->counts.acknowledged},
        {"unknown", cell->counts.unknown},
        {"recovered", cell->counts.recovered},
        {"lost", cell->counts.lost},
        {"duplicated", cell->counts.duplicated},
        {"lied_about", cell->counts.lied_about},
        {"undecided", cell->counts.undecided},
        {"out_of_step", cell->counts.out_of_step},
        {"milliseconds", (long long)(cell->seconds * 1000)},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json = json_with(json, numbers[i].name, json_new_integer(numbers[i].number));
    if (!json) support_die("out of memory");
    return json;
}

void show_json(const struct table *table, FILE *file)
{
    struct json *cells = json_new_array();
    for (size_t row = 0; row < SCENARIO_COUNT; row++)
        for (size_t column = 0; column < LAYERS_COUNT; column++)
            if (table->cells[row][column].scenario)
                json_append(cells, cell_json(&table->cells[row][column]));
    struct json *all = json_with(json_new_object(), "seed", json_new_integer(table->seed));
    all = json_with(all, "cells", cells);
    char *text = json_to(all);
    fprintf(file, "%s\n", text);
    free(text);
    json_free(all);
}

/* --- the heat map --- */

#define LEFT   250
#define TOP    44
#define WIDTH  104
#define HEIGHT 30

/* Of how it went, with the words for it. */
static const struct heat {
    const char *colour, *words;
} TRUE_ONE = {"#2e8b57", "one record, and the truth"}, MISLED = {"#e3b23c", "one, somebody misled"},
  SOME_TWICE = {"#dd7a6b", "duplicates at times"}, TWICE = {"#c0392b", "duplicates always"},
  UNKNOWN = {"#999999", "couldn't be tried"};

static struct heat heat_of(const struct cell *cell)
{
    if (cell->trials == 0) return UNKNOWN;
    if (cell->most > 1) return cell->least > 1 ? TWICE : SOME_TWICE;
    return cell->true_trials == cell->trials ? TRUE_ONE : MISLED;
}

static void draw_cell(FILE *file, const struct cell *cell, size_t row, size_t column)
{
    size_t x = LEFT + column * WIDTH, y = TOP + row * HEIGHT;
    char *range = range_of(cell);
    const char *records = cell->most == 1 ? "record" : "records";
    bool is_true = cell->true_trials == cell->trials;
    fprintf(file,
            "<rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" rx=\"3\" fill=\"%s\"/>"
            "<text x=\"%zu\" y=\"%zu\" text-anchor=\"middle\" fill=\"#ffffff\">%s %s%s</text>\n",
            x, y, WIDTH - 3, HEIGHT - 3, heat_of(cell).colour, x + WIDTH / 2, y + 18, range,
            records, is_true ? "" : " !");
    free(range);
}

static void draw_legend(FILE *file, size_t y)
{
    const struct heat heats[] = {TRUE_ONE, MISLED, SOME_TWICE, TWICE, UNKNOWN};
    size_t x = 10;
    for (size_t i = 0; i < sizeof heats / sizeof *heats; i++) {
        fprintf(file,
                "<rect x=\"%zu\" y=\"%zu\" width=\"14\" height=\"14\" rx=\"2\" fill=\"%s\"/>"
                "<text x=\"%zu\" y=\"%zu\" font-size=\"12\" fill=\"#333333\">%s</text>\n",
                x, y, heats[i].colour, x + 18, y + 12, heats[i].words);
        x += 28 + strlen(heats[i].words) * 13 / 2; /* as wide as a letter is, about */
    }
}

bool show_svg(const struct table *table, FILE *file)
{
    size_t bottom = TOP + SCENARIO_COUNT * HEIGHT;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
            "font-family=\"sans-serif\" font-size=\"13\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
            LEFT + LAYERS_COUNT * WIDTH + 10, bottom + 40);
    for (size_t column = 0; column < LAYERS_COUNT; column++)
        fprintf(file,
                "<text x=\"%zu\" y=\"30\" text-anchor=\"middle\" font-weight=\"bold\" "
                "fill=\"#333333\">%s%s</text>\n",
                LEFT + column * WIDTH + WIDTH / 2, LAYERS[column].name,
                column > 0 && column < LAYERS_COUNT - 1 ? " only" : "");
    for (size_t row = 0; row < SCENARIO_COUNT; row++) {
        fprintf(file, "<text x=\"10\" y=\"%zu\" fill=\"#333333\">%s</text>\n",
                TOP + row * HEIGHT + 18, SCENARIOS[row].title);
        for (size_t column = 0; column < LAYERS_COUNT; column++)
            if (table->cells[row][column].scenario)
                draw_cell(file, &table->cells[row][column], row, column);
    }
    draw_legend(file, bottom + 14);
    fputs("</svg>\n", file);
    bool written = ferror(file) == 0;
    return fclose(file) == 0 && written;
}
