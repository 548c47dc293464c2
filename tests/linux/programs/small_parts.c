// Small parts of the library: options, paths, addresses, chance, tables of mounts, text, directories, limits.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <complex.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <tgmath.h>
#include <unistd.h>
#include <wchar.h>

static void options(void) {
  char *words[] = {"program", "-ab", "value", "word", "--long=5", "-z", "--", "-c", NULL};
  struct option known[] = {{"long", required_argument, NULL, 'L'}, {0}};
  int found;
  opterr = 0;
  while ((found = getopt_long(8, words, "ab:c", known, NULL)) != -1)
    printf("%c %s %c\n", found, optarg ? optarg : "-", found == '?' ? optopt : ' ');
  printf("rest from %d: %s %s\n", optind, words[optind], words[optind + 1]);
}
static void paths(void) {
  const char *all[] = {"/usr/lib", "/usr/", "usr", "/", ".", "..", "", "a//b//"};
  for (int one = 0; one < 8; one++) {
    char first[16], second[16];
    strcpy(first, all[one]), strcpy(second, all[one]);
    printf("%s: %s", all[one], dirname(first));
    printf(" %s\n", (basename)(second));
  }
}
static void addresses(void) {
  const char *all[] = {"127.0.0.1", "1.2.3", "256.1.1.1", "::1", "fe80::1:2", "::ffff:1.2.3.4", "1:2:3:4:5:6:7", "::1::"};
  unsigned char bytes[16];
  char text[64];
  for (int one = 0; one < 8; one++) {
    int four = inet_pton(AF_INET, all[one], bytes), six;
    printf("%s: %d", all[one], four);
    if (four == 1) printf(" %s", inet_ntop(AF_INET, bytes, text, 64));
    six = inet_pton(AF_INET6, all[one], bytes);
    printf(" %d %s\n", six, six == 1 ? inet_ntop(AF_INET6, bytes, text, 64) : "");
  }
  struct in_addr short_form;
  printf("%d %s\n", inet_aton("10.1", &short_form), inet_ntoa(short_form));
}
static void chance(void) {
  srand48(7);
  printf("%f %ld %ld\n", drand48(), lrand48(), mrand48());
  srandom(42);
  printf("%ld %ld\n", random(), random());
  char state[64];
  initstate(1, state, 32);
  printf("%ld\n", random());
  unsigned seed = 9;
  printf("%d %d\n", rand_r(&seed), rand_r(&seed));
}
static void texts(void) {
  char text[] = "a,,b", *at = text, *part, *made;
  while ((part = strsep(&at, ","))) printf("<%s>", part);
  printf(" %d %s\n", asprintf(&made, "%05.1f|%s", 3.25, "x"), made);
  free(made);
  printf("%d %d %d\n", strverscmp("a9", "a10") < 0, strverscmp("1.01", "1.1") < 0, strcasecmp("ABC", "abd") < 0);
  printf("%s %d\n", (char *)memmem("haystack", 8, "st", 2), memrchr("abcabc", 'b', 6) != NULL);
  printf("%ls %d\n", wcsstr(L"one two", L"tw"), wcscmp(L"a", L"b") < 0);
  const char *bytes = "wide";
  wchar_t wide[8];
  mbstate_t shift = {0};
  printf("%zu %ls\n", mbsrtowcs(wide, &bytes, 8, &shift), wide);
  printf("%.3f %.3f %.3f\n", (double)sqrt(2.0f), cabs(3 + 4 * I), creal(exp(I * 3.14159265358979)));
  div_t parts = div(-17, 5);
  printf("%d %d %lu %d %d\n", parts.quot, parts.rem, 0xfffffffffffffff0ul / 7, ffs(48), abs(-5));
}
static void mounts(void) {
  FILE *table = setmntent("mounts", "w+");
  struct mntent one = {"disk", "/a place", "ext", "rw,size=5", 1, 2}, *read;
  printf("add %d\n", addmntent(table, &one));
  rewind(table);
  while ((read = getmntent(table)))
    printf("%s %s %s %d %d, %s\n", read->mnt_fsname, read->mnt_dir, read->mnt_type, read->mnt_freq, read->mnt_passno, hasmntopt(read, "size"));
  endmntent(table);
  unlink("mounts");
}
static void folders(void) {
  mkdir("folders", 0700);
  for (char name[] = "folders/a"; name[8] < 'f'; name[8]++) close(creat(name, 0600));
  DIR *all = opendir("folders");
  struct dirent *entry;
  char third[8] = {0};
  long at = 0;
  for (int one = 0; (entry = readdir(all)); one++) {
    if (one == 3) strcpy(third, entry->d_name);
    if (one == 2) at = telldir(all);
  }
  seekdir(all, at);
  printf("again %d", strcmp(readdir(all)->d_name, third));
  rewinddir(all);
  int count = 0;
  while (readdir(all)) count++;
  printf(", %d entries, descriptor %d\n", count, dirfd(all) >= 0);
  closedir(all);
  for (char name[] = "folders/a"; name[8] < 'f'; name[8]++) unlink(name);
  printf("%d\n", rmdir("folders"));
}
static void edges(void) {
  struct rlimit files = {12, 12};
  setrlimit(RLIMIT_NOFILE, &files);
  int ends[2], last = 0, next;
  while ((next = dup(0)) >= 0) last = next;
  printf("last %d %s, pipe %d", last, strerror(errno), pipe(ends));
  printf(" %s, fopen %d", strerror(errno), fopen("/", "r") == NULL);
  printf(" %s\n", strerror(errno));
  closefrom(3);
  printf("closed %d %s\n", fcntl(3, F_GETFD), strerror(errno));
  // The upper halves of registers that hold 32-bit arguments count for nothing.
  int fd = syscall(SYS_openat, 0x700000000ul | (unsigned)AT_FDCWD, "/dev/zero", 0x500000000ul | O_RDONLY, 0);
  char byte = 1;
  printf("%d %ld %d\n", fd, (long)syscall(SYS_read, 0x300000000ul | fd, &byte, 1), byte);
  printf("%ld %s\n", (long)syscall(SYS_close, 0x100000000ul | fd), strerror(0));
}

int main(void) {
  options(), paths(), addresses(), chance(), texts(), mounts(), folders(), edges();
  return 0;
}
