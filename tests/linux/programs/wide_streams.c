// Streams of wide characters, and text of many bytes: in the plain locale, and in UTF-8 where there is one.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static FILE *holding(const char *text) {
  FILE *stream = tmpfile();
  write(fileno(stream), text, strlen(text));
  rewind(stream);
  return stream;
}
static void scanning(void) {
  wchar_t word[16] = {0}, set[16] = {0};
  char narrow[16] = {0};
  int number = 0;
  double real = 0;
  FILE *stream = holding("12 word 2.5e1 [abc] narrow\nrest of it\n");
  printf("orient %d", fwide(stream, 0));
  int got = fwscanf(stream, L"%d %ls %lf [%l[a-z]] %s", &number, word, &real, set, narrow);
  printf(" %d: %d %ls %g %ls %s, orient %d\n", got, number, word, real, set, narrow, fwide(stream, -1) > 0);
  printf("next %x", (unsigned)fgetwc(stream));
  printf(" %c", (char)fgetwc(stream));
  printf(" back %c", (char)ungetwc(L'R', stream));
  printf(" %ls", fgetws(word, 16, stream));
  printf("end %d", fgetwc(stream) == WEOF);
  printf(" %d", feof(stream) != 0);
  errno = 0;
  printf(", no bytes %d\n", fgetc(stream));
  fclose(stream);
  stream = tmpfile();
  printf("print %d", fwprintf(stream, L"%5d|%-4ls|%lc|%s|%.3f\n", 42, L"ab", (wint_t)L'c', "bytes", 1.5));
  printf(" %d", fputws(L"second\n", stream) >= 0);
  printf(" %d", fputwc(L'!', stream) == L'!');
  rewind(stream);
  printf(" %ls", fgetws(word, 16, stream));
  printf("tells %ld\n", ftell(stream));
  fclose(stream);
  printf("%d", swscanf(L"0x1f,077,-3", L"%i,%i,%d", &number, &got, (int *)narrow));
  printf(" %d %d %d\n", number, got, *(int *)narrow);
}
// A byte at a time through a pipe: a wide character is there when its last byte is.
static void bytes_by_bytes(const char *text) {
  int ends[2];
  pipe(ends);
  FILE *stream = fdopen(ends[0], "r");
  setvbuf(stream, NULL, _IONBF, 0);
  write(ends[1], text, strlen(text));
  close(ends[1]);
  printf("pipe:");
  errno = 0;
  for (wint_t one; (one = fgetwc(stream)) != WEOF;) printf(" %x", (unsigned)one);
  printf(" error %d %s\n", ferror(stream) != 0, strerror(errno));
  fclose(stream);
}
static void sequences(void) {
  static const char *const texts[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\x80", "\xc0\x80", "\xe0\x80\x80",
    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3", "\xe2\x82", "\xc3\x28", "\xff"};
  for (int one = 0; one < 14; one++) {
    mbstate_t state = {0};
    wchar_t wide = 0;
    size_t size = strlen(texts[one]);
    errno = 0;
    ssize_t got = mbrtowc(&wide, texts[one], size, &state);
    printf("%zd %x %d %d;", got, got >= 0 ? (unsigned)wide : 0, errno, mbsinit(&state) != 0);
    state = (mbstate_t){0};
    size_t steps = 0;
    for (ssize_t part = -2; part == -2 && steps < size; steps++) part = mbrlen(texts[one] + steps, 1, &state);
    printf(" %zu steps;", steps);
    char16_t half = 0;
    state = (mbstate_t){0};
    got = mbrtoc16(&half, texts[one], size, &state);
    printf(" %zd %x\n", got, got > 0 ? half : 0);
  }
  static const unsigned values[] = {0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xffff, 0x10000, 0x10ffff, 0x110000};
  for (int one = 0; one < 11; one++) {
    char text[MB_LEN_MAX > 16 ? MB_LEN_MAX : 16];
    mbstate_t state = {0};
    ssize_t got = wcrtomb(text, values[one], &state);
    printf("%x: %zd", values[one], got);
    for (ssize_t at = 0; at < got; at++) printf(" %02x", (uint8_t)text[at]);
    printf(", width %d\n", wcwidth(values[one]) < 0 ? -1 : wcwidth(values[one]));
  }
}
static void strings(void) {
  const char *text = "z\xc3\xa9\xe2\x82\xac", *at = text;
  mbstate_t state = {0};
  wchar_t wide[8] = {9, 9, 9, 9, 9, 9, 9, 9};
  ssize_t got = mbsrtowcs(wide, &at, 2, &state);
  printf("%zd %x %x %x %td\n", got, wide[0], wide[1], wide[2], at ? at - text : -1);
  at = text, state = (mbstate_t){0};
  got = mbsrtowcs(NULL, &at, 0, &state);
  printf("%zd, ", got);
  got = mbsnrtowcs(wide, &at, 3, 8, &state);
  printf("%zd %td\n", got, at ? at - text : -1);
  const wchar_t *from = L"a\x20ac", *next = from;
  char room[8] = "#######";
  state = (mbstate_t){0};
  got = wcsrtombs(room, &next, 3, &state);
  printf("%zd %td %02x %02x\n", got, next ? next - from : -1, (uint8_t)room[0], (uint8_t)room[1]);
  printf("%d %d %d %d\n", mblen("\xc3\xa9", 2), btowc('a') == L'a', btowc(0xe9) == WEOF, wctob(0x20ac));
  printf("%x %x %d %d\n", towupper(0xe9), towlower(0x391), iswalpha(0xe9) != 0, iswspace(0));
  int kinds = 0;
  for (wint_t one = 0; one < 0x3000; one++) kinds += iswalpha(one) ? 1 : iswdigit(one) ? 3 : iswpunct(one) ? 5 : 0;
  printf("kinds %d %d\n", kinds, iswctype(L'5', wctype("digit")) != 0);
}
static void memory_and_time(void) {
  wchar_t text[32], guard[8];
  time_t moment = 1700000000;
  size_t size = wcsftime(text, 32, L"%A %d %B %Y %H:%M", gmtime(&moment));
  printf("%zu %ls, short %zu\n", size, text, wcsftime(text, 4, L"%A", gmtime(&moment)));
  wmemset(guard, L'#', 8);
  wcsncpy(guard, L"ab", 4);
  printf("%d %d %d", guard[2], guard[3], guard[4] == L'#');
  printf(" %d %d", wmemcmp(L"abc", L"abd", 3) < 0, wmemchr(L"hello", L'l', 5) != NULL);
  printf(" %ls %d\n", wcsstr(L"aabaabaab", L"aabaab"), wcsstr(L"aabaaab", L"aaba") != NULL);
  wchar_t *end;
  printf("%ld %lu %lld", wcstol(L"-0x1f", &end, 16), wcstoul(L"777", &end, 8), wcstoll(L"99999999999999999999", &end, 10));
  printf(" %g %ls\n", wcstod(L"0x1.8p1rest", &end), end);
  wchar_t small[4];
  printf("%d %d", swprintf(small, 4, L"%d", 123), swprintf(small, 4, L"%d", 1234));
  printf(" %ls\n", wcpncpy(small, L"xy", 3) - 2);
}

int main(void) {
  static const char *const locales[] = {"C", "C.UTF-8"};
  for (int one = 0; one < 2; one++) {
    printf("%s: %d\n", locales[one], setlocale(LC_ALL, locales[one]) != NULL);
    scanning();
    bytes_by_bytes("x\xc3\xa9y\xe2\x82\xac\xff");
    sequences(), strings(), memory_and_time();
  }
  locale_t plain = newlocale(LC_ALL_MASK, "C", NULL), before = uselocale(plain);
  printf("%d %d\n", before == LC_GLOBAL_LOCALE, uselocale(NULL) == plain);
  uselocale(before);
  freelocale(plain);
  return 0;
}
