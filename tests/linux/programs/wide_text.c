// Wide characters and UTF-8, in the locale that every library has.
#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

static void convert(const char *to, const char *from, char *text, size_t size) {
  char out[64];
  char *in = text, *at = out;
  size_t room = sizeof out;
  iconv_t how = iconv_open(to, from);
  if (how == (iconv_t)-1) {
    printf("%s from %s: %s\n", to, from, strerror(errno));
    return;
  }
  size_t status = iconv(how, &in, &size, &at, &room);
  printf("%s from %s: %zd, %zu left,", to, from, (ssize_t)status, size);
  for (char *one = out; one < at; one++) printf(" %02x", (uint8_t)*one);
  puts("");
  iconv_close(how);
}

int main(void) {
  printf("%s\n", setlocale(LC_ALL, NULL));
  printf("missing %d\n", setlocale(LC_ALL, "xx_XX.UTF-8") == NULL);
  printf("posix %s\n", setlocale(LC_ALL, "POSIX"));
  printf("most bytes %zu\n", MB_CUR_MAX);
  convert("UCS-4LE", "UTF-8", "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10);
  convert("UTF-8", "UCS-4LE", "\xac\x20\0\0", 4);
  convert("UCS-4LE", "UTF-8", "ok\xff", 3);
  convert("UCS-4LE", "UTF-8", "ok\xe2\x82", 4);
  wchar_t wide[16], one;
  printf("%zd\n", (ssize_t)mbstowcs(wide, "plain", 16));
  char back[32] = {0};
  size_t size = wcstombs(back, wide, 32);
  printf("%zu %s\n", size, back);
  mbstate_t state = {0};
  ssize_t got = mbrtowc(&one, "x", 1, &state);
  printf("%zd %x\n", got, (unsigned)one);
  printf("%d %d %d\n", iswalpha(L'q') != 0, towupper(L'q') == L'Q', iswspace(L'\t') != 0);
  wchar_t line[64];
  swprintf(line, 64, L"%ls|%5d|%-6ls|%lc|%.2f", L"wide", 42, L"left", (wint_t)L'x', 2.5);
  printf("%ls %zu\n", line, wcslen(line));
  wchar_t *end;
  long value = wcstol(L"  -123rest", &end, 10);
  printf("%ld %ls\n", value, end);
  printf("%g %d %d\n", wcstod(L"1.5e3x", &end), wcscmp(L"abc", L"abd") < 0, wcsncmp(L"abc", L"abd", 2));
  const wchar_t *hello = L"hello";
  printf("%td %zu\n", wcschr(hello, L'l') - hello, wcsspn(L"aabbc", L"ab"));
  wchar_t *rest, copy[] = L"one two  three";
  for (wchar_t *word = wcstok(copy, L" ", &rest); word; word = wcstok(NULL, L" ", &rest)) printf("<%ls>", word);
  struct lconv *about = localeconv();
  printf("\n%s|%s|%s\n", about->decimal_point, about->thousands_sep, about->currency_symbol);
  printf("%d\n", strcoll("a", "b") < 0);
  return 0;
}
