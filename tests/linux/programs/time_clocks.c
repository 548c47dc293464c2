#include <errno.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  struct timespec a, b, r;
  clock_gettime(CLOCK_MONOTONIC, &a);
  struct timespec want = {0, 30000000};
  printf("%d\n", nanosleep(&want, NULL));
  clock_gettime(CLOCK_MONOTONIC, &b);
  long long d = (b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec;
  printf("%d %d\n", d >= 30000000, d < 3600000000000LL);
  printf("%d %d\n", clock_gettime(99, &a), errno);
  clock_getres(CLOCK_REALTIME, &r); printf("%ld %ld\n", r.tv_sec, r.tv_nsec);
  b.tv_nsec = 2000000000; printf("%d %d\n", nanosleep(&b, NULL), errno);
  struct timeval tv; gettimeofday(&tv, NULL);
  time_t t = time(NULL);
  printf("%d %d\n", t - tv.tv_sec <= 3600, t > 1600000000);
  clock_gettime(CLOCK_MONOTONIC, &a); a.tv_nsec += 1000000; if (a.tv_nsec >= 1000000000) { a.tv_sec++; a.tv_nsec -= 1000000000; }
  printf("%d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &a, NULL));
  struct tm tm = {.tm_year = 100, .tm_mon = 1, .tm_mday = 29, .tm_hour = 12};
  t = timegm(&tm); char text[64];
  strftime(text, 64, "%Y-%m-%d %H:%M:%S %j %a", gmtime(&t)); printf("%ld %s\n", (long)t, text);
  struct tms ticks; printf("%d\n", times(&ticks) != (clock_t)-1);
  return 0;
}
