// One name for the functions of every kind of number: the kind of what is given decides.
#include <complex.h>
#include <stdio.h>
#include <tgmath.h>

#define SAY(what) printf("%zu %.6g\n", sizeof(what), (double)(what))

int main(void) {
  volatile float f = 2;
  volatile double d = 2;
  volatile long double l = 2;
  volatile int whole = 2;
  volatile float complex cf = 3 + 4 * I;
  volatile double complex cd = 3 + 4 * I;
  SAY(sqrt(f)), SAY(sqrt(d)), SAY(sqrt(l)), SAY(sqrt(whole));
  SAY(pow(f, f)), SAY(pow(f, d)), SAY(pow(f, whole)), SAY(pow(l, f));
  SAY(fabs(cf)), SAY(fabs(cd)), SAY(creal(cf)), SAY(carg(cd));
  SAY(creal(sin(cf))), SAY(cimag(exp(cd))), SAY(creal(sqrt(cd))), SAY(cimag(log(cf)));
  SAY(ldexp(f, 3)), SAY(lrint(f)), SAY(llround(l)), SAY(ilogb(d)), SAY(fma(f, f, l)), SAY(atan2(f, whole)), SAY(nexttoward(f, l));
  SAY(fmax(whole, whole)), SAY(hypot(f, f)), SAY(copysign(d, -f)), SAY(creal(conj(cd))), SAY(cimag(cproj(cf)));
  printf("%.6f %.6f %.6f\n", creal(cpow(cd, cd)), cimag(catan(cd)), creal(cacosh(cf)));
  return 0;
}
