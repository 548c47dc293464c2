// What is done, step by step, in the kernel's trace: that is where a program can put a line.
#include "userland_exec.h"

static long trace = -1;

size_t length_of(const char* text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

void open_trace(void) {
    trace = CALL4(SYS_openat, AT_FDCWD, "/sys/kernel/tracing/trace_marker", O_WRONLY | O_CLOEXEC, 0);
}

void close_trace(void) {
    if (trace >= 0) CALL1(SYS_close, trace);
    trace = -1;
}

static char* append(char* to, char* end, const char* text) {
    while (*text && to < end) *to++ = *text++;
    return to;
}

static char* append_hex(char* to, char* end, uint64_t number) {
    int shift = 60;
    while (shift > 0 && !(number >> shift & 15)) shift -= 4;
    for (; shift >= 0 && to < end; shift -= 4) *to++ = "0123456789abcdef"[number >> shift & 15];
    return to;
}

void say(const char* step, const char* text, uint64_t number) {
    char line[160];
    if (trace < 0) return;
    char* end = line + sizeof line;
    char* at = append(append(append(line, end, step), end, ": "), end, text);
    if (number) at = append_hex(append(at, end, " "), end, number);
    CALL3(SYS_write, trace, line, at - line);
}

void fail(const char* what, const char* name, long error) {
    char line[200];
    char* end = line + sizeof line - 1;
    char* at = append(append(append(line, end, "userland_exec: "), end, what), end, name);
    if (error) at = append_hex(append(at, end, ": error 0x"), end, (uint64_t)-error);
    *at++ = '\n';
    CALL3(SYS_write, 2, line, at - line);
    CALL1(SYS_exit_group, 127);
    __builtin_trap();
}
