// Days and hours: broken down, put together, written, read, in zones.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void show(const char *what, const struct tm *at) {
  printf("%s: %d-%02d-%02d %02d:%02d:%02d week day %d, year day %d, summer %d\n", what, at->tm_year + 1900,
         at->tm_mon + 1, at->tm_mday, at->tm_hour, at->tm_min, at->tm_sec, at->tm_wday, at->tm_yday, at->tm_isdst);
}

int main(void) {
  static const time_t moments[] = {0, -1, 951782400, 1078012800, 1700000000, 4102444800, -2208988800, 253402300799};
  char text[128];
  for (int one = 0; one < 8; one++) {
    struct tm at;
    gmtime_r(&moments[one], &at);
    show("gmtime", &at);
    printf("%d\n", timegm(&at) == moments[one]);
    strftime(text, sizeof text, "%A %d %B %Y, %j %U %V %G %I %p %y %e %D %T %F %s %%", &at);
    puts(text);
  }
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  printf("%s %s %ld %d\n", tzname[0], tzname[1], timezone, daylight);
  for (int month = 1; month < 12; month += 3) {
    struct tm at = {.tm_year = 124, .tm_mon = month, .tm_mday = 31, .tm_hour = 2, .tm_min = 30, .tm_isdst = -1};
    time_t moment = mktime(&at);
    printf("%ld ", (long)moment);
    show("mktime", &at);
    strftime(text, sizeof text, "%z %Z %c %x %X", &at);
    puts(text);
  }
  struct tm read = {0};
  char *rest = strptime("Tue, 14 Nov 2023 22:13:20 +0100 more", "%a, %d %b %Y %H:%M:%S %z", &read);
  show("strptime", &read);
  printf("rest %s, offset %ld\n", rest, read.tm_gmtoff);
  printf("%d\n", strptime("not a date", "%Y", &read) == NULL);
  setenv("TZ", "UTC0", 1);
  tzset();
  time_t moment = 1234567890;
  printf("%s%s", ctime(&moment), asctime(gmtime(&moment)));
  printf("%g\n", difftime(moment, 0));
  struct tm odd = {.tm_year = 100, .tm_mon = 25, .tm_mday = -40, .tm_hour = 77, .tm_sec = -100000};
  printf("%ld ", (long)timegm(&odd));
  show("put right", &odd);
  return 0;
}
