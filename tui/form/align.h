/* Amounts in a column, their decimal points under one another. */
#ifndef INVONCE_TUI_ALIGN_H
#define INVONCE_TUI_ALIGN_H

/* What the widest amounts take, in columns of the screen. All zeros: there are none yet. */
struct align {
    int whole;
    int fraction; /* the point included */
};

void align_measure(struct align *align, const char *amount);
int align_columns(const struct align *align);

/* Where the amount begins when its column ends before `end`. */
int align_start(const struct align *align, int end, const char *amount);

#endif
