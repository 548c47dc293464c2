// The mathematical functions, to the last bit where the last bit is certain.
// Only on RISC-V: a long double has 113 bits, and what is not a number has no sign.
#include <complex.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>

static const double values[] = {0.0, -0.0, 0.5, 1.0, -1.0, 1.5, 2.0, 10.0, -7.25, 1e-10, 1e10, 123456.789, INFINITY, -INFINITY, NAN};
#define COUNT (sizeof values / sizeof *values)

static void flags(void) {
  int raised = fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
  printf("%s%s%s%s", raised & FE_INVALID ? " invalid" : "", raised & FE_DIVBYZERO ? " zero" : "",
         raised & FE_OVERFLOW ? " over" : "", raised & FE_UNDERFLOW ? " under" : "");
  feclearexcept(FE_ALL_EXCEPT);
}
static void one(const char *name, double (*function)(double)) {
  printf("%s:", name);
  for (unsigned at = 0; at < COUNT; at++) printf(" %.13a", function(values[at]));
  flags();
  puts("");
}
static void two(const char *name, double (*function)(double, double)) {
  printf("%s:", name);
  for (unsigned a = 0; a < COUNT; a += 2)
    for (unsigned b = 1; b < COUNT; b += 3) printf(" %.13a", function(values[a], values[b]));
  flags();
  puts("");
}

int main(void) {
  one("sqrt", sqrt), one("cbrt", cbrt), one("exp", exp), one("exp2", exp2), one("expm1", expm1);
  one("log", log), one("log2", log2), one("log10", log10), one("log1p", log1p), one("sin", sin);
  one("cos", cos), one("tan", tan), one("asin", asin), one("acos", acos), one("atan", atan);
  one("sinh", sinh), one("cosh", cosh), one("tanh", tanh), one("asinh", asinh), one("acosh", acosh);
  one("atanh", atanh), one("floor", floor), one("ceil", ceil), one("trunc", trunc), one("round", round);
  one("rint", rint), one("nearbyint", nearbyint), one("erf", erf), one("erfc", erfc), one("gamma", tgamma);
  one("lgamma", lgamma), one("j0", j0), one("y1", y1), one("logb", logb);
  two("pow", pow), two("atan2", atan2), two("fmod", fmod), two("remainder", remainder), two("hypot", hypot);
  two("fdim", fdim), two("fmax", fmax), two("fmin", fmin), two("copysign", copysign), two("nextafter", nextafter);
  static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  for (int mode = 0; mode < 4; mode++) {
    fesetround(modes[mode]);
    volatile double third = 1.0 / 3.0, big = 1e16 + 1.0;
    printf("%a %a %ld %g %g\n", third, big, lrint(2.5), rint(-2.5), fma(0.1, 10, -1));
  }
  fesetround(FE_TONEAREST);
  int exponent, quotient;
  double part = frexp(48.0, &exponent), integral;
  printf("%g %d %g %g", part, exponent, ldexp(0.75, 6), modf(-3.75, &integral));
  printf(" %g %g", integral, remquo(29.0, 3.0, &quotient));
  printf(" %d %d %d\n", quotient & 7, ilogb(1000.0), (int)lround(-2.5));
  double complex z = csqrt(-4.0 + 0.0 * I), w = cexp(I * 1.0);
  printf("%.6f %.6f %.6f %.6f %.6f\n", creal(z), cimag(z), creal(w), cimag(w), cabs(3.0 + 4.0 * I));
  printf("%d %d %d %d %d\n", fpclassify(0.0) == FP_ZERO, fpclassify(1e-310) == FP_SUBNORMAL, isnan(NAN) != 0, signbit(-0.0) != 0, isunordered(1.0, NAN) != 0);
  long double wide = sqrtl(2.0L), power = powl(1.5L, 30.5L);
  printf("%.30Lg %.30Lg %.8a %.8a\n", wide, power, sinf(1.0f), powf(2.5f, 3.5f));
  return 0;
}
