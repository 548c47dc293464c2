// The mathematical functions of float, of double and of long double, of values at their edges.
// Only on RISC-V: a long double has 113 bits, and what is not a number has no sign.
#define _GNU_SOURCE
#include <fenv.h>
#include <math.h>
#include <stdio.h>

static const long double values[] = {0, -0.0L, 0.3L, 1, -1, 2.5L, -7.25L, 1e-9L, 4.5e7L, INFINITY, NAN};
#define COUNT ((int)(sizeof values / sizeof *values))

static void flags(const char *name) {
  int raised = fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
  printf(" %s%s%s%s%s\n", name, raised & FE_INVALID ? " invalid" : "", raised & FE_DIVBYZERO ? " zero" : "",
         raised & FE_OVERFLOW ? " over" : "", raised & FE_UNDERFLOW ? " under" : "");
  feclearexcept(FE_ALL_EXCEPT);
}
#define ONE(name) \
  for (int at = 0; at < COUNT; at++) { volatile float x = values[at]; printf("%.6a ", name##f(x)); } \
  flags(#name "f"); \
  for (int at = 0; at < COUNT; at++) { volatile double x = values[at]; printf("%.13a ", name(x)); } \
  flags(#name); \
  for (int at = 0; at < COUNT; at++) { volatile long double x = values[at]; printf("%.27La ", name##l(x)); } \
  flags(#name "l");
#define TWO(name) \
  for (int at = 0; at < COUNT; at++) { volatile float x = values[at], y = values[(at * 3 + 2) % COUNT]; printf("%.6a ", name##f(x, y)); } \
  flags(#name "f"); \
  for (int at = 0; at < COUNT; at++) { volatile double x = values[at], y = values[(at * 3 + 2) % COUNT]; printf("%.13a ", name(x, y)); } \
  flags(#name); \
  for (int at = 0; at < COUNT; at++) { volatile long double x = values[at], y = values[(at * 3 + 2) % COUNT]; printf("%.27La ", name##l(x, y)); } \
  flags(#name "l");
#define WHOLE(name) \
  for (int at = 0; at < COUNT; at++) { volatile float f = values[at]; volatile double d = values[at]; volatile long double l = values[at]; \
    printf("%ld %ld %ld ", (long)name##f(f), (long)name(d), (long)name##l(l)); } \
  flags(#name);
#define STEPS(name, by) \
  for (int at = 0; at < COUNT; at++) { volatile float f = values[at]; volatile double d = values[at]; volatile long double l = values[at]; \
    printf("%a %a %La ", name##f(f, by), name(d, by), name##l(l, by)); } \
  flags(#name);

static void parts(void) {
  for (int at = 0; at < COUNT; at++) {
    volatile float f = values[at];
    volatile double d = values[at];
    volatile long double l = values[at];
    float whole_f, sine_f, cosine_f;
    double whole_d, sine_d, cosine_d;
    long double whole_l, sine_l, cosine_l;
    int exponents[3] = {0}, quotients[3] = {0}, signs[3] = {0};
    printf("%a", frexpf(f, &exponents[0])), printf(" %a", frexp(d, &exponents[1])), printf(" %La", frexpl(l, &exponents[2]));
    if (isfinite(d)) printf(" %d %d %d", exponents[0], exponents[1], exponents[2]);
    printf(" | %a", modff(f, &whole_f)), printf(" %a", modf(d, &whole_d)), printf(" %La", modfl(l, &whole_l));
    printf(" %a %a %La", whole_f, whole_d, whole_l);
    printf(" | %a", remquof(f, 3, &quotients[0])), printf(" %a", remquo(d, 3, &quotients[1])), printf(" %La", remquol(l, 3, &quotients[2]));
    if (isfinite(d)) printf(" %d %d %d", quotients[0] & 7, quotients[1] & 7, quotients[2] & 7);
    sincosf(f, &sine_f, &cosine_f), sincos(d, &sine_d, &cosine_d), sincosl(l, &sine_l, &cosine_l);
    printf(" | %.6a %.6a %.13a %.13a %.27La %.27La", sine_f, cosine_f, sine_d, cosine_d, sine_l, cosine_l);
    printf(" | %.6a", lgammaf_r(f, &signs[0])), printf(" %.13a", lgamma_r(d, &signs[1])), printf(" %.27La", lgammal_r(l, &signs[2]));
    printf(" %d %d", signs[0] < 0, signs[1] < 0);
    flags("parts");
  }
}
static void bessel(void) {
  for (int at = 0; at < COUNT; at++) {
    volatile float f = values[at];
    volatile double d = values[at];
    printf("%.6a %.6a %.6a %.6a ", j0f(f), j1f(f), y0f(f), y1f(f));
    printf("%.13a %.13a %.13a %.13a ", j0(d), j1(d), y0(d), y1(d));
    for (int order = -1; order < 4; order += 2) printf("%.13a %.13a %.6a %.6a ", jn(order, d), yn(order, d), jnf(order, f), ynf(order, f));
    flags("bessel");
  }
}
static void kinds(void) {
  static const double pairs[] = {0, -0.0, 1, 2, NAN, INFINITY};
  for (int one = 0; one < 6; one++) {
    for (int two = 0; two < 6; two++) {
      volatile double a = pairs[one], b = pairs[two];
      printf("%d%d%d%d%d%d ", isless(a, b), islessequal(a, b), isgreater(a, b), isgreaterequal(a, b), islessgreater(a, b), isunordered(a, b));
    }
    volatile float f = pairs[one];
    volatile long double l = pairs[one];
    printf("%d %d %d %d %d", fpclassify(f), fpclassify(pairs[one]), fpclassify(l), isnormal(f), signbit(l) != 0);
    flags("compare");
  }
  volatile long double odd = 0x1p-16382L / 8;
  printf("%d %d %d\n", fpclassify(odd), fpclassify((double)odd), isfinite(odd));
  // A rounding direction belongs to the conversion it is set for, and an environment is kept and put back.
  fenv_t kept;
  feholdexcept(&kept);
  static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  for (int mode = 0; mode < 4; mode++) {
    printf("%d", fesetround(modes[mode]));
    volatile float three = 3, third = 1.0f / three;
    volatile long double wide_three = 3, wide = 1.0L / wide_three;
    printf(" %d %a %La %a", fegetround() == modes[mode], third, wide, nearbyintf(-2.5f));
    printf(" %La %ld %lld", rintl(3.5L), lrintf(-0.5f), llrint(2.5)), flags("rounding");
  }
  feraiseexcept(FE_OVERFLOW);
  fexcept_t saved;
  fegetexceptflag(&saved, FE_ALL_EXCEPT);
  fesetenv(FE_DFL_ENV);
  printf("%d %d", fegetround() == FE_TONEAREST, fetestexcept(FE_OVERFLOW));
  fesetexceptflag(&saved, FE_OVERFLOW);
  printf(" %d", fetestexcept(FE_OVERFLOW) != 0);
  feupdateenv(&kept);
  printf(" %d\n", fetestexcept(FE_OVERFLOW) != 0);
}

int main(void) {
  ONE(acos) ONE(acosh) ONE(asin) ONE(asinh) ONE(atan) ONE(atanh) ONE(cbrt) ONE(ceil) ONE(cos) ONE(cosh) ONE(erf) ONE(erfc)
  ONE(exp) ONE(exp10) ONE(exp2) ONE(expm1) ONE(fabs) ONE(floor) ONE(lgamma) ONE(log) ONE(log10) ONE(log1p) ONE(log2) ONE(logb)
  ONE(nearbyint) ONE(rint) ONE(round) ONE(sin) ONE(sinh) ONE(sqrt) ONE(tan) ONE(tanh) ONE(tgamma) ONE(trunc)
  TWO(atan2) TWO(copysign) TWO(fdim) TWO(fmax) TWO(fmin) TWO(fmod) TWO(hypot) TWO(nextafter) TWO(pow) TWO(remainder) TWO(drem) TWO(scalb)
  WHOLE(ilogb) WHOLE(llrint) WHOLE(llround) WHOLE(lrint) WHOLE(lround)
  STEPS(ldexp, -3) STEPS(scalbn, 70) STEPS(scalbln, -140L) STEPS(nexttoward, 1.0L)
  for (int at = 0; at < COUNT; at++) {
    volatile float f = values[at];
    volatile double d = values[at];
    volatile long double l = values[at];
    printf("%a %a %La ", fmaf(f, 1.1f, -f), fma(d, 1.1, -d), fmal(l, 1.1L, -l));
    printf("%a %d", drem(d, 0.7), finite(d)), flags("others");
  }
  parts(), bessel(), kinds();
  return 0;
}
