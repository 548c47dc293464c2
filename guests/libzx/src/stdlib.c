// Ending, the environment, and numbers in text.
#include <stdlib.h>

#include <string.h>
#include <unistd.h>
#include <zx/syscalls.h>

#include "thread.h"

#define ATEXIT_MAX 32

static void (*exit_functions[ATEXIT_MAX])(void);
static int exit_count;

int atexit(void (*function)(void)) {
    if (exit_count == ATEXIT_MAX) return -1;
    exit_functions[exit_count++] = function;
    return 0;
}

void exit(int code) {
    while (exit_count) exit_functions[--exit_count]();
    __zx_run_destructors();
    __zx_flush();
    zx_process_exit(code);
}

void _Exit(int code) { zx_process_exit(code); }

void abort(void) {
    __zx_flush();
    __builtin_trap();
}

char* getenv(const char* name) {
    size_t size = strlen(name);
    for (char** one = environ; one && *one; one++) {
        if (!strncmp(*one, name, size) && (*one)[size] == '=') return *one + size + 1;
    }
    return 0;
}

static int digit_of(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'Z') return letter - 'A' + 10;
    return 99;
}

unsigned long strtoul(const char* text, char** end, int base) {
    const char* at = text;
    while (*at == ' ' || (*at >= '\t' && *at <= '\r')) at++;
    int negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    int is_hex = at[0] == '0' && (at[1] | 32) == 'x' && digit_of(at[2]) < 16;
    if (is_hex && (base == 0 || base == 16)) at += 2, base = 16;
    if (base == 0) base = *at == '0' ? 8 : 10;
    unsigned long value = 0;
    const char* first = at;
    for (; digit_of(*at) < base; at++) value = value * base + digit_of(*at);
    if (end) *end = (char*)(at == first ? text : at);
    return negative ? -value : value;
}

long strtol(const char* text, char** end, int base) { return (long)strtoul(text, end, base); }

int atoi(const char* text) { return (int)strtol(text, 0, 10); }
