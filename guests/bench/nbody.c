/* Five planets: additions, products, quotients and square roots of doubles. */
#include "bench.h"

struct body {
  double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[5] = {
  {0, 0, 0, 0, 0, 0, 39.47841760435743},
  {4.84143144246472090, -1.16032004402742839, -.103622044471123109, .606326392995832,
   2.81198684491626, -.02521836165988763, .03769367487038949},
  {8.34336671824457987, 4.12479856412430479, -.403523417114321381, -1.01077434617879236,
   1.82566237123041186, .00841576137658415351, .0112863261319687668},
  {12.8943695621391310, -15.1111514016986312, -.223307578892655734, 1.08279100644153536,
   .868713018169608220, -.0108326374013636, .00172372405705971},
  {15.3796971148509165, -25.9193146099879641, .179258772950371181, .979090732243897976,
   .594698998647676060, -.034755955550407, .00203368686992463},
};

static inline double root(double x) {
  double result;
#if defined(__riscv)
  __asm__("fsqrt.d %0, %1" : "=f"(result) : "f"(x));
#else
  __asm__("sqrtsd %1, %0" : "=x"(result) : "x"(x));
#endif
  return result;
}

u64 kernel(void) {
  for (int step = 0; step < 2000000; step++) {
    for (int i = 0; i < 5; i++) {
      struct body *a = &bodies[i];
      for (int j = i + 1; j < 5; j++) {
        struct body *b = &bodies[j];
        double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
        double square = dx * dx + dy * dy + dz * dz;
        double magnitude = 0.01 / (square * root(square));
        a->vx -= dx * b->mass * magnitude;
        a->vy -= dy * b->mass * magnitude;
        a->vz -= dz * b->mass * magnitude;
        b->vx += dx * a->mass * magnitude;
        b->vy += dy * a->mass * magnitude;
        b->vz += dz * a->mass * magnitude;
      }
    }
    for (int i = 0; i < 5; i++) {
      bodies[i].x += 0.01 * bodies[i].vx;
      bodies[i].y += 0.01 * bodies[i].vy;
      bodies[i].z += 0.01 * bodies[i].vz;
    }
  }
  return bench_bits(bodies[0].x);
}
