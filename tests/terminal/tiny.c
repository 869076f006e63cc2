/* A small ncurses program for the harness's own test: shows keys, the mouse and its size; q ends.
 */
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void paint(const char *last)
{
    erase();
    mvprintw(0, 0, "size %dx%d", COLS, LINES);
    mvprintw(1, 0, "last %s", last);
    attr_set(A_DIM, 0, NULL);
    mvaddstr(2, 0, "dim");
    attr_set(A_BOLD, 1, NULL);
    mvaddstr(3, 0, "bold red");
    attr_set(A_REVERSE, 0, NULL);
    mvaddstr(4, 0, "reverse");
    attr_set(A_NORMAL, 0, NULL);
    mvaddstr(5, 0, "wide \xe4\xb8\xad\xe6\x96\x87 cafe\xcc\x81 end");
    mvaddstr(6, 0, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    move(1, 5);
    refresh();
}

static void describe(int key, char *text, size_t size)
{
    MEVENT mouse;
    if (key == KEY_MOUSE && getmouse(&mouse) == OK)
        snprintf(text, size, "mouse %d,%d", mouse.y, mouse.x);
    else
        snprintf(text, size, "%s", keyname(key));
}

int main(void)
{
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    start_color();
    use_default_colors();
    init_pair(1, COLOR_RED, -1);
    mousemask(BUTTON1_PRESSED, NULL);
    mouseinterval(0);
    fflush(stdout);
    timeout(20); /* ncurses can miss a SIGWINCH that comes just before it waits */
    char last[64] = "none";
    do {
        paint(last);
        int key = getch();
        if (key != ERR) describe(key, last, sizeof last);
    } while (strcmp(last, "q") != 0 && strcmp(last, "!") != 0);
    if (strcmp(last, "!") == 0) _Exit(3); /* leaves everything as it is */
    endwin();
    return EXIT_SUCCESS;
}
