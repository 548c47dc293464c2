#include <math.h>
#include <stdio.h>
int main(void) {
  printf("%d %5d %-5d| %05d %x %X %o %c %s %%\n", 1, 2, 3, 4, 255, 255, 8, 'c', "text");
  printf("%f %.3e %g %a\n", 3.14159, 12345.678, 0.0001, 1.5);
  printf("%lld %llu %hhd %hd\n", -1LL, ~0ULL, (char)300, (short)70000);
  printf("%f %f %f\n", INFINITY, -INFINITY, 0.1 + 0.2);
  int a; double b; char word[20];
  int n = sscanf("42 2.5 rest", "%d %lf %19s", &a, &b, word);
  printf("%d %d %g %s\n", n, a, b, word);
  return 0;
}
