// Numbers as text at their edges: very long, exactly between two, rounded, padded, counted; and divided.
// Only on RISC-V: a long double has 113 bits, and what is not a number has no sign.
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char big[40000];
static void long_texts(void) {
  memset(big, '0', 30000);
  strcpy(big + 30000, "1.5e-29999");
  char *end;
  printf("%.17g %td\n", strtod(big, &end), end - big);
  strcpy(big, "0.");
  memset(big + 2, '0', 20000);
  strcpy(big + 20002, "25e20001");
  printf("%.17g %.9g\n", strtod(big, NULL), strtof(big, NULL));
  memset(big, '9', 400);
  strcpy(big + 400, "e-400");
  printf("%.17g", strtod(big, NULL));
  errno = 0;
  memset(big, '9', 400), big[400] = 0;
  printf(" %g %d", strtod(big, NULL), errno);
  errno = 0;
  printf(" %lld %d\n", strtoll(big, NULL, 10), errno);
  memset(big, '7', 30000), big[30000] = 0;
  double real = 0;
  int used = 0;
  printf("%d", sscanf(big, "%300lf%n", &real, &used));
  printf(" %g %d\n", real, used);
  memset(big, ' ', 30000), strcpy(big + 30000, "5");
  printf("%d", sscanf(big, "%d%n", &used, (int[1]){0}));
  printf(" %d\n", used);
}
static void reading(void) {
  static const char *const texts[] = {
    "9007199254740992.9999999999999999999", "9007199254740993", "9007199254740993.00000000000000000001", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "179769313486231580793728971405301e276", "1.797693134862315807e308", "1.797693134862315808e308",
    "1e-323", "0x0.8p-1074", "0x1.fffffffffffff8p0", "0x1.fffffffffffff7p1023", "0x1p-1075", "0x1.00000000000001p-1075", "-0", "+.5e+1",
    "5e-1e", "0x.8", "0x", "infinitY", "in", "nan", "NAN(abc)", "1e99999999999999999999", "0e99999999999999999999", "3.4028236e38", "16777217"};
  for (size_t one = 0; one < sizeof texts / sizeof *texts; one++) {
    char *end;
    errno = 0;
    double real = strtod(texts[one], &end);
    printf("%s: %a %td %d", texts[one], real, end - texts[one], errno);
    errno = 0;
    float half = strtof(texts[one], &end);
    printf(" %a %d", half, errno);
    errno = 0;
    long double wide = strtold(texts[one], &end);
    printf(" %La %d\n", wide, errno);
  }
  static const struct { const char *text; int base; } whole[] = {
    {"-9223372036854775808", 10}, {"9223372036854775807", 10}, {"9223372036854775808", 10}, {"18446744073709551615", 10},
    {"18446744073709551616", 10}, {"-1", 10}, {"0x", 0}, {"0x1g", 0}, {"08", 0}, {"\t\n +7", 10}, {"+-7", 10}, {"1Zz", 36}, {"12", 1}, {"12", 37}, {"2", 2}};
  for (size_t one = 0; one < sizeof whole / sizeof *whole; one++) {
    char *end = big;
    errno = 0;
    long value = strtol(whole[one].text, &end, whole[one].base);
    printf("%ld %d %td", value, errno, end == big ? -1 : end - whole[one].text);
    errno = 0;
    unsigned long natural = strtoul(whole[one].text, &end, whole[one].base);
    printf(" %lu %d\n", natural, errno);
  }
}
static void writing(void) {
  static const double values[] = {0, -0.0, 0.5, 1.5, 2.5, 9.5, 9.995, 0.00009999995, 999999.5, 1e15, 123456789, 1e100, 5e-324, INFINITY, -NAN};
  for (int one = 0; one < 15; one++)
    printf("%.0f %.2f %g %#g %.3g %.0e %#.0f %+.1e %a %.2a %010.1f|%-10.2e|% g\n", values[one], values[one], values[one], values[one],
           values[one], values[one], values[one], values[one], values[one], values[one], values[one], values[one], values[one]);
  printf("%.60f\n%.1074f\n", 0.1, 5e-324);
  int length = snprintf(NULL, 0, "%.5000f", 1.0 / 3);
  printf("%d %d", length, snprintf(big, 20, "%.*f", 4000, 1e300));
  printf(" %s\n", big);
  printf("%d %d %d\n", snprintf(big, 1, "text"), snprintf(NULL, 0, "%1000d", 7), snprintf(big, 8, "%.1000f", 1e9));
  long counts[3] = {0};
  printf("ab%lncd%lnef%ln\n", &counts[0], &counts[1], &counts[2]);
  printf("%ld %ld %ld\n", counts[0], counts[1], counts[2]);
  printf("<%.0d><%.0x><%#.0o><%5.0d><%-5.3d><%+.3d><% 05d>\n", 0, 0, 0, 0, 7, 7, 42);
  printf("%#x %#o %#llx %lld %llu %hhu %hx %jd %zx\n", 0, 0, ULLONG_MAX, LLONG_MIN, ULLONG_MAX, 511, 0x12345, INTMAX_MIN, SIZE_MAX);
  printf("%2$s %1$s %2$.1s|%3$*4$d\n", "one", "two", 3, 6);
  printf("%c%c%5c|\n", 'x', 0, 'y');
  printf("%.3s|%.*s|%-6.2s|%s\n", "bounded", 2, "star", "left", (char *)NULL);
  printf("%.30Lf %Lg %La\n", 1.0L / 3, LDBL_MIN, LDBL_EPSILON);
}
static void dividing(void) {
  static const int64_t values[] = {0, 1, -1, 2, 7, -7, 10, 255, 65537, INT32_MAX, INT32_MIN, 0x123456789abcdef, INT64_MAX, INT64_MIN, -0x7fffffff00000001};
  uint64_t sum = 0, mixed = 1;
  for (int one = 0; one < 15; one++)
    for (int two = 1; two < 15; two++) {
      volatile int64_t a = values[one], b = values[two];
      if (a == INT64_MIN && b == -1) continue;
      sum += (uint64_t)(a / b) * 3 + (uint64_t)(a % b);
      mixed = mixed * 31 + (uint64_t)a / (uint64_t)b + (uint64_t)a % (uint64_t)b;
      uint32_t c = a, d = b;
      if (d) mixed = mixed * 31 + c / d + c % d;
      unsigned __int128 wide = (unsigned __int128)(uint64_t)a << 64 | (uint64_t)~b;
      wide = wide / (uint64_t)b + wide % ((unsigned __int128)b << 60 | 3);
      mixed ^= (uint64_t)wide ^ (uint64_t)(wide >> 64);
    }
  printf("%016llx %016llx\n", (unsigned long long)sum, (unsigned long long)mixed);
}

int main(void) {
  long_texts(), reading(), writing(), dividing();
  return 0;
}
