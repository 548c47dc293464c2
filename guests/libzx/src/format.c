// What printf makes of its format, for any destination.
#include "format.h"

#include <stdint.h>
#include <string.h>

static void emit(sink* out, const char* bytes, size_t size) {
    out->total += size;
    out->put(out, bytes, size);
}

static void pad(sink* out, char with, int count) {
    for (; count > 0; count--) emit(out, &with, 1);
}

typedef struct {
    int left, zero, plus, space, alternate;
    int width, precision;
    int size;
} spec;

static const char* read_number(const char* at, int* number, va_list* args) {
    if (*at == '*') {
        *number = va_arg(*args, int);
        return at + 1;
    }
    for (*number = 0; *at >= '0' && *at <= '9'; at++) *number = *number * 10 + *at - '0';
    return at;
}

static const char* read_spec(const char* at, spec* how, va_list* args) {
    for (;; at++) {
        if (*at == '-') how->left = 1;
        else if (*at == '0') how->zero = 1;
        else if (*at == '+') how->plus = 1;
        else if (*at == ' ') how->space = 1;
        else if (*at == '#') how->alternate = 1;
        else break;
    }
    at = read_number(at, &how->width, args);
    if (how->width < 0) how->left = 1, how->width = -how->width;
    how->precision = -1;
    if (*at == '.') at = read_number(at + 1, &how->precision, args);
    for (; *at == 'l' || *at == 'h' || *at == 'z' || *at == 'j' || *at == 't'; at++) {
        how->size += *at == 'h' ? -1 : *at == 'l' ? 1 : 2;
    }
    return at;
}

static uint64_t read_integer(const spec* how, int is_signed, va_list* args) {
    uint64_t value = va_arg(*args, uint64_t);
    if (how->size >= 1) return value;
    if (how->size == 0) return is_signed ? (uint64_t)(int32_t)value : (uint32_t)value;
    if (how->size == -1) return is_signed ? (uint64_t)(int16_t)value : (uint16_t)value;
    return is_signed ? (uint64_t)(int8_t)value : (uint8_t)value;
}

static void put_padded(sink* out, const spec* how, const char* prefix, const char* text,
                       int length) {
    int prefix_length = (int)strlen(prefix);
    int zeroes = how->precision > length ? how->precision - length : 0;
    int width = prefix_length + zeroes + length;
    if (how->zero && !how->left && how->precision < 0 && how->width > width) {
        zeroes += how->width - width;
        width = how->width;
    }
    if (!how->left) pad(out, ' ', how->width - width);
    emit(out, prefix, prefix_length);
    pad(out, '0', zeroes);
    emit(out, text, length);
    if (how->left) pad(out, ' ', how->width - width);
}

static void put_integer(sink* out, const spec* how, uint64_t value, char kind) {
    char digits[24];
    int at = sizeof digits;
    unsigned base = kind == 'o' ? 8 : kind == 'x' || kind == 'X' || kind == 'p' ? 16 : 10;
    const char* letters = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    const char* prefix = "";
    if (kind == 'd') {
        prefix = (int64_t)value < 0 ? "-" : how->plus ? "+" : how->space ? " " : "";
        if ((int64_t)value < 0) value = -value;
    }
    if (kind == 'p' || (how->alternate && base == 16 && value)) prefix = kind == 'X' ? "0X" : "0x";
    for (; value; value /= base) digits[--at] = letters[value % base];
    if (at == sizeof digits && how->precision != 0) digits[--at] = '0';
    put_padded(out, how, prefix, digits + at, sizeof digits - at);
}

static void put_text(sink* out, const spec* how, const char* text) {
    if (!text) text = "(null)";
    size_t length = how->precision >= 0 ? strnlen(text, how->precision) : strlen(text);
    spec plain = *how;
    plain.zero = 0;
    plain.precision = -1;
    put_padded(out, &plain, "", text, (int)length);
}

void format_to(sink* out, const char* format, va_list* args) {
    while (*format) {
        const char* percent = strchr(format, '%');
        size_t plain = percent ? (size_t)(percent - format) : strlen(format);
        if (plain) emit(out, format, plain);
        format += plain;
        if (!percent) return;
        spec how = {0};
        format = read_spec(format + 1, &how, args);
        char kind = *format;
        if (kind) format++;
        if (kind == 'd' || kind == 'i') {
            put_integer(out, &how, read_integer(&how, 1, args), 'd');
        } else if (kind == 'u' || kind == 'x' || kind == 'X' || kind == 'o') {
            put_integer(out, &how, read_integer(&how, 0, args), kind);
        } else if (kind == 'p') {
            put_integer(out, &how, va_arg(*args, uint64_t), kind);
        } else if (kind == 's') {
            put_text(out, &how, va_arg(*args, const char*));
        } else if (kind == 'c') {
            char letter = (char)va_arg(*args, int);
            spec one = how;
            one.zero = 0;
            one.precision = -1;
            put_padded(out, &one, "", &letter, 1);
        } else {
            // Whatever else stands behind a percent sign stands for itself.
            if (kind && kind != '%') emit(out, "%", 1);
            if (kind) emit(out, &kind, 1);
        }
    }
}

static void put_in_memory(sink* out, const char* bytes, size_t size) {
    size_t part = size < out->room ? size : out->room;
    memcpy(out->at, bytes, part);
    out->at += part;
    out->room -= part;
}

int format_list(char* to, size_t size, const char* format, va_list* args) {
    sink out = {.put = put_in_memory, .at = to, .room = size ? size - 1 : 0};
    format_to(&out, format, args);
    if (size) *out.at = 0;
    return (int)out.total;
}

int format_text(char* to, size_t size, const char* format, ...) {
    va_list args;
    va_start(args, format);
    int count = format_list(to, size, format, &args);
    va_end(args);
    return count;
}
