#pragma once

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int byte, size_t size);
int memcmp(const void* one, const void* other, size_t size);
void* memchr(const void* from, int byte, size_t size);
size_t strlen(const char* text);
size_t strnlen(const char* text, size_t max);
int strcmp(const char* one, const char* other);
int strncmp(const char* one, const char* other, size_t max);
char* strchr(const char* text, int letter);
char* strrchr(const char* text, int letter);
char* strcpy(char* restrict to, const char* restrict from);
char* strncpy(char* restrict to, const char* restrict from, size_t max);
char* strdup(const char* text);
