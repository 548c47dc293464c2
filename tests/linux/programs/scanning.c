// Numbers and words out of text: scanf and the strto functions at their edges.
// Only on RISC-V: a long double has 113 bits, and what is not a number has no sign.
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void whole(const char *text, int base) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, base);
  printf("%s in %d: %ld, rest %s, %s\n", text, base, value, end, strerror(errno));
}
static void real(const char *text) {
  char *end;
  errno = 0;
  double value = strtod(text, &end);
  printf("%s: %a %.17g, rest %s, %d\n", text, value, value, end, errno);
}

int main(void) {
  whole("  42abc", 10);
  whole("-0x1fg", 0);
  whole("0755", 0);
  whole("zz", 36);
  whole("99999999999999999999", 10);
  whole("-99999999999999999999", 10);
  whole("", 10);
  whole("0x", 16);
  errno = 0;
  printf("%" PRIu64 " %d\n", strtoumax("-1", NULL, 10), errno);
  real("3.14159xyz");
  real("1e400");
  real("-1e-400");
  real("0x1.8p3");
  real("inf");
  real("nan(12)");
  real("4.9406564584124654e-324");
  real("2.2250738585072011e-308");
  real("9007199254740993");
  real("1.7976931348623158e308");
  real(".");
  printf("%.9g %.21Lg\n", strtof("0.1", NULL), strtold("0.1", NULL));
  int a = 0, b = 0, count;
  char word[20] = {0}, set[20] = {0}, letter = 0;
  double number = 0;
  count = sscanf("12 -7 word 2.5e1 [abc] x", "%d %d %19s %lf [%19[a-z]] %c", &a, &b, word, &number, set, &letter);
  printf("%d: %d %d %s %g %s %c\n", count, a, b, word, number, set, letter);
  int used = 0;
  unsigned hex = 0;
  printf("%d", sscanf("0xffzz", "%x%n", &hex, &used));
  printf(" %x %d\n", hex, used);
  printf("%d %d\n", sscanf("abc", "%d", &a), sscanf("", "%d", &a));
  printf("%d", sscanf("1,2;3", "%d,%d,%d", &a, &b, &count));
  printf(" %d %d\n", a, b);
  printf("%d", sscanf("123456", "%3d%*2d%d", &a, &b));
  printf(" %d %d\n", a, b);
  char *text = NULL;
  printf("%d", sscanf("allocated rest", "%ms", &text));
  printf(" %s\n", text);
  free(text);
  printf("%.3f|%10.2e|%-8d|%+d|%#o|%#x|%05d|%.0f|%g|%G\n", 1.0005, 12345.678, 42, 7, 8, 255, -42, 2.5, 1e-5, 1e20);
  printf("%s|%.2s|%10s|%-5s|%c|%%|%5.1f%%\n", "text", "text", "right", "l", 'c', 99.95);
  printf("%lld %hhd %hd %zu %td %jd\n", LLONG_MIN, (char)300, (short)70000, sizeof(long), (ptrdiff_t)-3, (intmax_t)5);
  printf("%*d|%-*d|%.*f\n", 6, 42, 6, 42, 2, 3.14159);
  char small[8];
  printf("%d %s\n", snprintf(small, 8, "%s", "truncated text"), small);
  return 0;
}
