#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <regex.h>
int main(void) {
  char b[100];
  strcpy(b, "hello"); strcat(b, " world"); printf("%s %zu %s\n", b, strlen(b), strstr(b, "wor"));
  char *t = strtok(b, " "); while (t) { printf("[%s]", t); t = strtok(NULL, " "); } puts("");
  printf("%d %d %d\n", strcmp("a", "b") < 0, memcmp("abc", "abd", 3) < 0, strncasecmp("ABC", "abd", 2));
  printf("%ld %lu %ld\n", strtol("-0x1f", NULL, 16), strtoul("777", NULL, 8), strtol("99999999999999999999", NULL, 10));
  for (int i = 0; i < 128; i++) b[i % 50] ^= isalpha(i) ? toupper(i) : 0; printf("%d\n", b[3]);
  regex_t r; regmatch_t m[2]; regcomp(&r, "([0-9]+)-x", REG_EXTENDED);
  printf("%d %d %d\n", regexec(&r, "ab 123-x", 2, m, 0), (int)m[1].rm_so, (int)m[1].rm_eo);
  wchar_t w[20]; printf("%zu\n", mbstowcs(w, "plain", 20)); printf("%ls\n", w);
  return 0;
}
