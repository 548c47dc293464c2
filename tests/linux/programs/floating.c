// Only on RISC-V: a long double has 113 bits, and what is not a number has no sign.
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  for (double x = 0.1; x < 20; x *= 1.9) printf("%.15g %.15g %.15g %.15g %.15g\n", sin(x), exp(x), log(x), sqrt(x), pow(x, 1.5));
  fesetround(FE_UPWARD); printf("%.20f %d\n", 1.0 / 3.0, (int)lrint(2.3));
  fesetround(FE_DOWNWARD); printf("%.20f %d\n", 1.0 / 3.0, (int)lrint(-2.3));
  fesetround(FE_TONEAREST);
  feclearexcept(FE_ALL_EXCEPT); volatile double z = 0; volatile double y = 1 / z;
  printf("%f %d %d\n", y, fetestexcept(FE_DIVBYZERO) != 0, fetestexcept(FE_OVERFLOW) != 0);
  printf("%d %d\n", isnan(NAN), NAN == NAN);
  printf("%.17g %.9g\n", strtod("0.1", NULL), strtof("3.4e38", NULL));
  printf("%a %a\n", DBL_MIN, FLT_EPSILON);
  printf("%.6f %d\n", fma(2, 3, 4), (int)(long long)1e10 % 1000);
  long double l = 1.0L / 3; printf("%.30Lf\n", l);
  return 0;
}
