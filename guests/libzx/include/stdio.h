#pragma once

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

int printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
int dprintf(int fd, const char* format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char* to, size_t size, const char* format, ...) __attribute__((format(printf, 3, 4)));
int vprintf(const char* format, va_list args);
int vdprintf(int fd, const char* format, va_list args);
int vsnprintf(char* to, size_t size, const char* format, va_list args);
int puts(const char* text);
int putchar(int letter);
