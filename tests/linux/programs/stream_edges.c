// Streams at their edges: what is put back, what scanning consumes, what an error leaves, who holds a lock.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *holding(const char *text, size_t size) {
  FILE *stream = tmpfile();
  fwrite(text, 1, size, stream);
  rewind(stream);
  return stream;
}
#define HOLDING(text) holding(text, sizeof text - 1)

static void put_back(void) {
  FILE *stream = HOLDING("abc");
  printf("put back at the start %d", ungetc('z', stream));
  printf(", reads %c", fgetc(stream));
  printf(", tells %ld", ftell(stream));
  ungetc('A', stream);
  fseek(stream, 1, SEEK_SET);
  printf(", forgotten after a seek: %c", fgetc(stream));
  printf(", nothing is nothing: %d", ungetc(EOF, stream));
  while (fgetc(stream) != EOF);
  printf(", end %d", feof(stream) != 0);
  ungetc('q', stream);
  printf(", not the end %d", feof(stream));
  printf(", %c", fgetc(stream));
  printf(", end again %d %d\n", fgetc(stream), feof(stream) != 0);
  fclose(stream);
  char buffer[32];
  stream = HOLDING("more");
  setvbuf(stream, buffer, _IOFBF, sizeof buffer);
  ungetc('x', stream);
  char line[8] = {0};
  printf("with a buffer: %zu", fread(line, 1, 5, stream));
  printf(" %s\n", line);
  fclose(stream);
}
static void consumed(void) {
  static const char *const texts[] = {"0xz", "1e+", "0x1.p+", "infinite", "nan(", "-", "+5", "12345", "", "  ", "1.5.5", "0b1"};
  for (int one = 0; one < 12; one++) {
    FILE *stream = holding(texts[one], strlen(texts[one]));
    int number = -1, used = -1;
    double real = -1;
    int got = fscanf(stream, "%i%n", &number, &used);
    printf("<%s> whole %d %d %d at %ld;", texts[one], got, number, used, ftell(stream));
    rewind(stream);
    used = -1;
    got = fscanf(stream, "%lf%n", &real, &used);
    printf(" real %d %g %d at %ld\n", got, real, used, ftell(stream));
    fclose(stream);
  }
}
static void matching(void) {
  char a[16] = {0}, b[16] = {0};
  int number = 0;
  FILE *stream = HOLDING("id: 7");
  printf("literal %d", fscanf(stream, "id: %d", &number));
  printf(" %d, end %d\n", number, fscanf(stream, "x"));
  fclose(stream);
  stream = holding("a\0b", 3);
  memset(a, 'x', 4);
  printf("a zero byte %d", fscanf(stream, "%3c", a));
  printf(" %d %d %d %c\n", a[0], a[1], a[2], a[3]);
  fclose(stream);
  stream = HOLDING("%5 one\n two");
  printf("percent %d", fscanf(stream, " %%%d %15s", &number, a));
  printf(" %d %s, set %d", number, a, fscanf(stream, "%[\n ]%15[^x]", a, b));
  printf(" %zu %s\n", strlen(a), b);
  fclose(stream);
  printf("ends %d %d %d %d\n", sscanf("", "%d", &number), sscanf("x", "%d", &number), sscanf("1", "%*d%d", &number), sscanf(" ", "%c", a));
  short small = 0;
  long long wide = 0;
  signed char tiny = 0;
  printf("sizes %d", sscanf("70000 70000 300", "%hd %lld %hhd", &small, &wide, &tiny));
  printf(" %d %lld %d, ordered %d", small, wide, tiny, sscanf("1 2", "%2$d %1$hd", &small, &number));
  printf(" %d %d\n", small, number);
}
static void errors(void) {
  char name[] = "edgesXXXXXX", line[8];
  int fd = mkstemp(name);
  FILE *stream = fdopen(fd, "w");
  printf("no reading %d", fgetc(stream));
  printf(", error %d", ferror(stream) != 0);
  rewind(stream);
  printf(", rewound %d\n", ferror(stream));
  fputs("four", stream);
  fclose(stream);
  stream = fopen(name, "a+");
  printf("appending: %d", fputs("+5", stream) >= 0);
  printf(" tells %ld", ftello(stream));
  fflush(stream);
  printf(" %ld", ftello(stream));
  rewind(stream);
  printf(" reads %s", fgets(line, 8, stream));
  printf(", then %d\n", fgets(line, 8, stream) == NULL);
  strcpy(line, "kept");
  printf("one byte %d <%s>", fgets(line, 1, stream) != NULL, line);
  fclose(stream);
  stream = fopen(name, "r");
  setvbuf(stream, NULL, _IONBF, 0);
  printf(", without a buffer %c", fgetc(stream));
  printf(" at %ld\n", (long)lseek(fileno(stream), 0, SEEK_CUR));
  fclose(stream);
  stream = fopen("/dev/full", "w");
  printf("full: %d", fputs("x", stream) >= 0);
  printf(" flush %d", fflush(stream));
  printf(" %s", strerror(errno));
  printf(" close %d\n", fclose(stream));
  stream = fdopen(open(name, O_RDONLY), "w");
  printf("a descriptor that reads: %d %s\n", stream == NULL, strerror(errno));
  unlink(name);
}
static FILE *locked;
static volatile int order, tried;
static void *second(void *unused) {
  int refused = ftrylockfile(locked) != 0;
  tried = 1;
  flockfile(locked);
  int mine = order;
  funlockfile(locked);
  return (void *)(long)(refused * 10 + mine);
}
static void locks(void) {
  locked = tmpfile();
  FILE *others[8];
  for (int one = 0; one < 8; one++) others[one] = tmpfile(), flockfile(others[one]);
  flockfile(locked);
  flockfile(locked);
  pthread_t thread;
  pthread_create(&thread, NULL, second, NULL);
  fputs("held", locked);
  funlockfile(locked);
  for (int one = 7; one >= 0; one--) funlockfile(others[one]), fclose(others[one]);
  while (!tried) usleep(100);
  order = 5;
  funlockfile(locked);
  void *answer;
  pthread_join(thread, &answer);
  printf("locks: %d\n", (int)(long)answer);
  fclose(locked);
}
// What a child reads ahead, it gives back when it ends: who comes after goes on where it was.
static void given_back(void) {
  char name[] = "sharedXXXXXX", rest[16] = {0};
  int fd = mkstemp(name), status;
  write(fd, "one\ntwo\nthree\n", 14);
  lseek(fd, 0, SEEK_SET);
  fflush(stdout);
  if (fork() == 0) {
    FILE *stream = fdopen(fd, "r");
    char line[8];
    fgets(line, 8, stream);
    exit(fflush(stream) == 0 ? strlen(line) : 99);
  }
  wait(&status);
  ssize_t got = read(fd, rest, 4);
  printf("the child read %d, then %zd %.3s\n", WEXITSTATUS(status), got, rest);
  unlink(name);
}

int main(void) {
  put_back(), consumed(), matching(), errors(), locks(), given_back();
  return 0;
}
