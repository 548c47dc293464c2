// Formatted text, the way printf writes it, but for floating-point numbers.
#pragma once

#include <stdarg.h>
#include <stddef.h>

// Where formatted text goes, piece by piece.
typedef struct sink {
    void (*put)(struct sink* out, const char* bytes, size_t size);
    char* at;
    size_t room;
    size_t total;
    int fd;
} sink;

#define HIDDEN_FORMAT __attribute__((visibility("hidden")))

HIDDEN_FORMAT void format_to(sink* out, const char* format, va_list* args);

// Into memory, as snprintf does: ended by a NUL, and cut where it does not fit.
HIDDEN_FORMAT int format_list(char* to, size_t size, const char* format, va_list* args);
HIDDEN_FORMAT int format_text(char* to, size_t size, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
