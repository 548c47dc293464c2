// Corners of the library where mistakes have been: patterns, character sets, times, chance, sorting, names of semaphores.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <iconv.h>
#include <regex.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

static void pattern(const char *what, int how, const char *text, int when) {
  regex_t regex;
  regmatch_t found[3] = {{-7, -7}, {-7, -7}, {-7, -7}};
  int status = regcomp(&regex, what, how);
  if (status) { printf("%s: does not compile\n", what); return; }
  status = regexec(&regex, text, 3, found, when);
  printf("%s: %zu, %d", what, regex.re_nsub, status != 0);
  for (int one = 0; one < 3 && !(how & REG_NOSUB) && status == 0; one++) printf(" %d-%d", (int)found[one].rm_so, (int)found[one].rm_eo);
  puts("");
  regfree(&regex);
}
static void patterns(void) {
  pattern("\\(a\\)\\0", 0, "aa", 0), pattern("(a)(b)?\\1", REG_EXTENDED, "aa", 0), pattern("(a)\\2", REG_EXTENDED, "aa", 0);
  pattern("[^aa-z]", REG_ICASE, "k", 0), pattern("[^a-z]", 0, "K", 0), pattern("[d-f]", REG_ICASE, "E", 0), pattern("[[:upper:]]", REG_ICASE, "e", 0);
  pattern("abc", REG_NOSUB, "xabcx", 0), pattern("(x)(y)", REG_EXTENDED | REG_NOSUB, "xy", 0), pattern("\\\xe9", 0, "\xe9", 0);
  pattern("^a$", REG_NEWLINE, "b\na\nc", 0), pattern("^a", 0, "a", REG_NOTBOL), pattern("a$", 0, "a", REG_NOTEOL), pattern("a.c", REG_NEWLINE, "a\nc", 0);
  pattern("a{2,1}", REG_EXTENDED, "a", 0), pattern("a{,2}b", REG_EXTENDED, "aab", 0), pattern("a**", 0, "aa", 0), pattern("a|*b", REG_EXTENDED, "b", 0);
  pattern("()", REG_EXTENDED, "", 0), pattern("[]a]", 0, "]", 0), pattern("[a-]", 0, "-", 0), pattern("\\(^a\\)", 0, "ba", 0), pattern("(a|ab)(c|bcd)", REG_EXTENDED, "abcd", 0);
  static const struct { const char *pattern, *text; int flags; } names[] = {
    {"*", "", 0}, {"?", "", 0}, {"[", "[", 0}, {"[]-]", "]", 0}, {"[!]]", "]", 0}, {"a[/]b", "a/b", FNM_PATHNAME}, {"*", "a/b", FNM_PATHNAME}, {"*/b", "a/b", FNM_PATHNAME},
    {"\\*", "*", 0}, {"\\*", "\\x", FNM_NOESCAPE}, {"*", ".a", FNM_PERIOD}, {"?a", ".a", FNM_PERIOD}, {"a/*", "a/.b", FNM_PERIOD}, {"a/*", "a/.b", FNM_PERIOD | FNM_PATHNAME},
    {"[[:alpha:]]*", "a1", 0}, {"[a-c]x", "bx", 0}, {"A*", "abc", FNM_CASEFOLD}, {"a", "a/b", FNM_LEADING_DIR}, {"a*b*c*d", "aXbXcXbXd", 0}, {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaa", 0}, {"[!a-", "x", 0}, {"**/", "a/", 0}};
  for (size_t one = 0; one < sizeof names / sizeof *names; one++) printf("%d", fnmatch(names[one].pattern, names[one].text, names[one].flags) != 0);
  puts("");
}
static void character_sets(void) {
  static const char *const sets[] = {"UTF-8", "utf8", "UCS-2", "UCS-4LE", "ASCII", "ANSI_X3.4-1968", "WCHAR_T", "UTF-8//IGNORE", "UTF-8//TRANSLIT", "NOT-A-SET", ""};
  static const uint32_t points[] = {0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0x10000, 0x10ffff, 0xd800, 0x110000};
  for (int one = 0; one < 11; one++) {
    errno = 0;
    iconv_t there = iconv_open(sets[one], "UCS-4LE"), back = iconv_open("UCS-4LE", sets[one]);
    printf("%s %d %d:", sets[one], there != (iconv_t)-1, back != (iconv_t)-1);
    for (int at = 0; at < 13 && there != (iconv_t)-1 && back != (iconv_t)-1; at++) {
      char middle[16], *in = (char *)&points[at], *out = middle;
      uint32_t again = 0xaaaaaaaa;
      size_t size = 4, room = sizeof middle;
      errno = 0;
      ssize_t got = iconv(there, &in, &size, &out, &room);
      printf(" %zd", got < 0 ? -errno : sizeof middle - room);
      char *from = middle, *to = (char *)&again;
      size = sizeof middle - room, room = 4;
      if (got >= 0) got = iconv(back, &from, &size, &to, &room), printf(got < 0 ? "!" : again == points[at] ? "=" : "~");
      iconv(there, NULL, NULL, NULL, NULL), iconv(back, NULL, NULL, NULL, NULL);
    }
    puts("");
    if (there != (iconv_t)-1) iconv_close(there);
    if (back != (iconv_t)-1) iconv_close(back);
  }
  // No room is an error that loses nothing.
  iconv_t how = iconv_open("UCS-2", "UTF-8");
  char text[] = "abcd", wide[4], *in = text, *out = wide;
  size_t size = 4, room = 4;
  ssize_t got = iconv(how, &in, &size, &out, &room);
  printf("room for two: %zd %s, %zu left at %s\n", got, strerror(errno), size, in);
  iconv_close(how);
}
static void at_time(const char *text, const char *format) {
  struct tm when = {.tm_year = 1, .tm_isdst = -7};
  char *rest = strptime(text, format, &when);
  printf("%s as %s: %s %d-%d-%d %d:%d:%d %d %d\n", text, format, rest ? rest : "none", when.tm_year, when.tm_mon, when.tm_mday, when.tm_hour, when.tm_min, when.tm_sec, when.tm_wday, when.tm_yday);
}
static void times(void) {
  setenv("TZ", "UTC0", 1), tzset();
  at_time("1999", "%y"), at_time("99 20", "%y %C"), at_time("20 99", "%C%y"), at_time("3/4/68", "%D"), at_time("366", "%j"), at_time("0", "%j"), at_time("12 PM", "%I %p");
  at_time("12 am", "%I %p"), at_time("13", "%I"), at_time("60", "%S"), at_time("62", "%S"), at_time("24", "%H"), at_time("2024-02-29", "%F"), at_time("sunday", "%A"), at_time("Sun", "%a");
  at_time("dec 31", "%b %d"), at_time("  7", "%e"), at_time("1700000000", "%s"), at_time("a%b", "a%%b"), at_time("x", "y"), at_time("12\t30", "%H %M"), at_time("2024 60", "%Y %j"), at_time("12:34:56", "%T");
  setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1), tzset();
  for (int hour = 0; hour < 4; hour++) {
    struct tm spring = {.tm_year = 124, .tm_mon = 2, .tm_mday = 10, .tm_hour = hour, .tm_min = 30, .tm_isdst = -1}, autumn = {.tm_year = 124, .tm_mon = 10, .tm_mday = 3, .tm_hour = hour, .tm_min = 30, .tm_isdst = hour % 2};
    long one = mktime(&spring), two = mktime(&autumn);
    printf("%ld %d %d, %ld %d %d\n", one, spring.tm_hour, spring.tm_isdst, two, autumn.tm_hour, autumn.tm_isdst);
  }
  setenv("TZ", "<+0530>-5:30", 1), tzset();
  time_t moment = 86399;
  char text[64], small[6];
  strftime(text, 64, "%F %T %Z %z %u %w %V %G %g %C %h %n%t%R%r%D", localtime(&moment));
  printf("%s, short %zu\n", text, strftime(small, 6, "%F", localtime(&moment)));
  static const int days[][3] = {{98, 11, 31}, {99, 0, 3}, {104, 11, 31}, {105, 0, 1}, {109, 0, 1}, {108, 11, 29}};
  for (int one = 0; one < 6; one++) {
    struct tm at = {.tm_year = days[one][0], .tm_mon = days[one][1], .tm_mday = days[one][2], .tm_hour = 12};
    timegm(&at);
    strftime(text, 64, "%G-W%V-%u %U %W %j %y", &at);
    printf("%s; ", text);
  }
  struct tm odd = {.tm_year = INT32_MAX, .tm_mon = 11, .tm_mday = 31};
  errno = 0;
  time_t far = timegm(&odd);
  printf("\n%ld %d", (long)far, asctime_r(&(struct tm){.tm_year = 9000, .tm_mday = 1}, (char[64]){0}) == NULL);
  moment = INT64_MAX;
  errno = 0;
  printf(" %d", gmtime(&moment) == NULL);
  printf(" %s\n", strerror(errno));
}
static int numbers(const void *a, const void *b) { return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b; }
static int wide_numbers(const void *a, const void *b) { return memcmp(a, b, 13); }
static void chance_and_order(void) {
  unsigned short state[3] = {0xffff, 0xffff, 0xffff};
  for (int one = 0; one < 4; one++) printf("%ld %ld ", jrand48(state), nrand48(state));
  seed48((unsigned short[3]){0x1234, 0xabcd, 0x330e});
  printf("%ld %ld %.17g\n", lrand48(), mrand48(), erand48(state));
  char first[128], second[128];
  initstate(5, first, 128);
  long a = random(), b = random();
  initstate(5, second, 8);
  long c = random();
  setstate(first);
  long d = random();
  srandom(5);
  printf("%ld %ld %ld %ld %d\n", a, b, c, d, random() == a);
  int all[300];
  unsigned char wide[100][13];
  for (int size = 0; size < 300; size += 37) {
    for (int one = 0; one < size; one++) all[one] = one * 7919 % 61 - 30;
    qsort(all, size, sizeof(int), numbers);
    int sorted = 1;
    for (int one = 1; one < size; one++) sorted &= all[one - 1] <= all[one];
    printf("%d", sorted);
  }
  for (int one = 0; one < 100; one++) for (int at = 0; at < 13; at++) wide[one][at] = (one * 31 + at * 7) % 11;
  qsort(wide, 100, 13, wide_numbers);
  int sorted = 1;
  for (int one = 1; one < 100; one++) sorted &= memcmp(wide[one - 1], wide[one], 13) <= 0;
  printf(" %d\n", sorted);
}
static void names_and_files(void) {
  char name[64], long_name[300];
  snprintf(name, sizeof name, "/corner-%d", getpid());
  sem_t *one = sem_open(name, O_CREAT | O_EXCL, 0600, 1), *two = sem_open(name, 0);
  int value;
  printf("same %d, close %d", one == two, sem_close(one));
  printf(", still there %d", sem_trywait(two));
  sem_getvalue(two, &value);
  printf(" %d, close %d\n", value, sem_close(two));
  one = sem_open(name, O_CREAT, 0600, 9);
  sem_getvalue(one, &value);
  printf("its value is kept %d, unlink %d", value, sem_unlink(name));
  two = sem_open(name, O_CREAT | O_EXCL, 0600, 4);
  printf(", another %d", one != two);
  sem_unlink(name), sem_close(one), sem_close(two);
  memset(long_name, 'x', 299), long_name[0] = '/', long_name[299] = 0;
  static const char *const odd[] = {"/", "/a/b", ""};
  for (int at = 0; at < 3; at++) errno = 0, printf(", %d", sem_open(odd[at], O_CREAT, 0600, 1) == SEM_FAILED), printf(" %s", strerror(errno));
  errno = 0;
  printf(", %d", sem_open(long_name, O_CREAT, 0600, 1) == SEM_FAILED);
  printf(" %s", strerror(errno));
  errno = 0;
  printf(", %d", sem_open(name, O_CREAT, 0600, 0x80000000u) == SEM_FAILED);
  printf(" %s\n", strerror(errno));
  struct stat about, again;
  close(creat("corner", 0640));
  int how = utime("corner", &(struct utimbuf){1000000000, 2000000000});
  stat("corner", &about);
  printf("utime %d %ld %ld %o %ld %ld", how, (long)about.st_atime, (long)about.st_mtime, about.st_mode, (long)about.st_size, (long)about.st_nlink);
  how = utime("corner", NULL);
  stat("corner", &again);
  printf(", now %d %d", how, again.st_mtime > 1000000000 && again.st_ctime >= about.st_ctime);
  errno = 0;
  printf(", %d", utime("no such", NULL));
  printf(" %s\n", strerror(errno));
  struct statvfs room;
  how = statvfs("corner", &room);
  printf("statvfs %d %d %d", how, room.f_bsize > 0 && room.f_frsize > 0, room.f_bavail <= room.f_bfree && room.f_bfree <= room.f_blocks);
  printf(" %d\n", statvfs("no such", &room));
  unlink("corner");
}

int main(void) {
  patterns(), character_sets(), times(), chance_and_order(), names_and_files();
  return 0;
}
