// The C library that small programs have under Linux: what they print, their environment, their end.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../libzx/src/format.h"
#include "syscall.h"

#define LINE_MAX 200

// Everything here is for programs; what it is made with is not.
#pragma GCC visibility push(default)

char** environ;

// What printf has collected: standard output goes out line by line.
static struct {
    size_t size;
    char bytes[LINE_MAX];
} line;

ssize_t write(int fd, const void* bytes, size_t size) {
    return CALL3(SYS_write, fd, bytes, size);
}

ssize_t read(int fd, void* bytes, size_t size) { return CALL3(SYS_read, fd, bytes, size); }

static void flush(void) {
    if (line.size) write(1, line.bytes, line.size);
    line.size = 0;
}

static void put_in_line(sink* out, const char* bytes, size_t size) {
    (void)out;
    for (; size; size--, bytes++) {
        line.bytes[line.size++] = *bytes;
        if (*bytes == '\n' || line.size == LINE_MAX) flush();
    }
}

int vprintf(const char* format, va_list args) {
    sink out = {.put = put_in_line, .fd = 1};
    va_list copy;
    va_copy(copy, args);
    format_to(&out, format, &copy);
    va_end(copy);
    return (int)out.total;
}

int printf(const char* format, ...) {
    va_list args;
    va_start(args, format);
    int count = vprintf(format, args);
    va_end(args);
    return count;
}

_Noreturn void exit(int code) {
    flush();
    CALL1(SYS_exit_group, code);
    __builtin_trap();
}

char* getenv(const char* name) {
    size_t size = strlen(name);
    for (char** one = environ; *one; one++) {
        if (!strncmp(*one, name, size) && (*one)[size] == '=') return *one + size + 1;
    }
    return 0;
}

_Noreturn void __linux_start_main(int (*main)(int, char**, char**), long* stack) {
    int argc = (int)stack[0];
    char** argv = (char**)(stack + 1);
    environ = argv + argc + 1;
    exit(main(argc, argv, environ));
}
