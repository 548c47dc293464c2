#include <string.h>

#include <stdint.h>
#include <stdlib.h>

typedef uint64_t __attribute__((may_alias)) word;

// By words where both are aligned alike: this is most of the time.
void* memcpy(void* restrict to, const void* restrict from, size_t size) {
    char* out = to;
    const char* in = from;
    if ((((uintptr_t)out ^ (uintptr_t)in) & 7) == 0) {
        for (; size && ((uintptr_t)out & 7); size--) *out++ = *in++;
        for (; size >= 8; size -= 8, out += 8, in += 8) *(word*)out = *(const word*)in;
    }
    while (size--) *out++ = *in++;
    return to;
}

void* memmove(void* to, const void* from, size_t size) {
    char* out = to;
    const char* in = from;
    if (out <= in || out >= in + size) return memcpy(to, from, size);
    while (size--) out[size] = in[size];
    return to;
}

void* memset(void* to, int byte, size_t size) {
    char* out = to;
    uint64_t pattern = (uint8_t)byte * 0x0101010101010101u;
    for (; size && ((uintptr_t)out & 7); size--) *out++ = (char)byte;
    for (; size >= 8; size -= 8, out += 8) *(word*)out = pattern;
    while (size--) *out++ = (char)byte;
    return to;
}

int memcmp(const void* one, const void* other, size_t size) {
    const uint8_t *a = one, *b = other;
    for (; size; size--, a++, b++) {
        if (*a != *b) return *a - *b;
    }
    return 0;
}

void* memchr(const void* from, int byte, size_t size) {
    const uint8_t* at = from;
    for (; size; size--, at++) {
        if (*at == (uint8_t)byte) return (void*)at;
    }
    return 0;
}

size_t strlen(const char* text) {
    const char* end = text;
    while (*end) end++;
    return (size_t)(end - text);
}

size_t strnlen(const char* text, size_t max) {
    const char* end = memchr(text, 0, max);
    return end ? (size_t)(end - text) : max;
}

int strcmp(const char* one, const char* other) {
    while (*one && *one == *other) one++, other++;
    return (uint8_t)*one - (uint8_t)*other;
}

int strncmp(const char* one, const char* other, size_t max) {
    for (; max; max--, one++, other++) {
        if (*one != *other || !*one) return (uint8_t)*one - (uint8_t)*other;
    }
    return 0;
}

char* strchr(const char* text, int letter) {
    for (;; text++) {
        if (*text == (char)letter) return (char*)text;
        if (!*text) return 0;
    }
}

char* strrchr(const char* text, int letter) {
    const char* found = 0;
    for (;; text++) {
        if (*text == (char)letter) found = text;
        if (!*text) return (char*)found;
    }
}

char* strcpy(char* restrict to, const char* restrict from) {
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char* strncpy(char* restrict to, const char* restrict from, size_t max) {
    size_t size = strnlen(from, max);
    memcpy(to, from, size);
    memset(to + size, 0, max - size);
    return to;
}

char* strdup(const char* text) {
    char* copy = malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : 0;
}
