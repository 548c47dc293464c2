// The C library that small programs have under RT-Smart: what they print, their environment, their
// end.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../libzx/src/format.h"
#include "rtsmart.h"

#define LINE_MAX 200

// Everything here is for programs; what it is made with is not.
#pragma GCC visibility push(default)

char** environ;

ssize_t write(int fd, const void* bytes, size_t size) { return CALL3(NR_write, fd, bytes, size); }

ssize_t read(int fd, void* bytes, size_t size) { return CALL3(NR_read, fd, bytes, size); }

// A line is collected on the stack of the thread that prints it, so that threads do not mix lines.
typedef struct {
    sink out;
    size_t size;
    char bytes[LINE_MAX];
} line;

static void flush(line* one) {
    if (one->size) write(1, one->bytes, one->size);
    one->size = 0;
}

static void put_in_line(sink* out, const char* bytes, size_t size) {
    line* one = (line*)out;
    for (; size; size--, bytes++) {
        one->bytes[one->size++] = *bytes;
        if (one->size == LINE_MAX) flush(one);
    }
}

int vprintf(const char* format, va_list args) {
    line one = {.out = {.put = put_in_line, .fd = 1}, .size = 0};
    va_list copy;
    va_copy(copy, args);
    format_to(&one.out, format, &copy);
    va_end(copy);
    flush(&one);
    return (int)one.out.total;
}

int printf(const char* format, ...) {
    va_list args;
    va_start(args, format);
    int count = vprintf(format, args);
    va_end(args);
    return count;
}

_Noreturn void exit(int code) {
    CALL1(NR_exit_group, code);
    __builtin_trap();
}

char* getenv(const char* name) {
    size_t size = strlen(name);
    for (char** one = environ; *one; one++) {
        if (!strncmp(*one, name, size) && (*one)[size] == '=') return *one + size + 1;
    }
    return 0;
}

_Noreturn void __rtsmart_start_main(int (*main)(int, char**, char**), long* block) {
    int argc = (int)block[0];
    char** argv = (char**)(block + 1);
    environ = argv + argc + 1;
    exit(main(argc, argv, environ));
}
