// Streams over memory and over files at their edges: put back, ended, appended, buffered, made without a name.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

static void in_memory(void) {
  char room[16] = "first line\nrest", word[16] = {0};
  int number = 0;
  FILE *stream = fmemopen(room, 15, "r+");
  printf("%s", fgets(word, 16, stream));
  printf("%d %c %c\n", ungetc('R', stream) == 'R', fgetc(stream), fgetc(stream));
  printf("at %ld, seek %d, write %d, flush %d\n", ftell(stream), fseek(stream, 6, SEEK_SET), fputs("LINE", stream) >= 0, fflush(stream));
  printf("%.15s, end %d %d\n", room, fseek(stream, 0, SEEK_END), feof(stream));
  printf("%d %d\n", fgetc(stream), feof(stream) != 0);
  fclose(stream);
  stream = fmemopen(room, 4, "w");
  printf("full %d, flush %d\n", fprintf(stream, "123456"), fflush(stream));
  fclose(stream);
  stream = fmemopen("12 ab 0x1f", 10, "r");
  printf("%d", fscanf(stream, "%d %2s %x", &number, word, (unsigned *)&number));
  printf(" %s %d, more %d\n", word, number, fscanf(stream, "%d", &number));
  fclose(stream);
  char *text = NULL;
  size_t size = 0;
  stream = open_memstream(&text, &size);
  for (int one = 0; one < 2000; one++) fprintf(stream, "%d,", one);
  fflush(stream);
  printf("%zu %.12s\n", size, text);
  fseek(stream, 2, SEEK_SET);
  fputs("!!", stream);
  fclose(stream);
  printf("%.8s %zu\n", text, size);
  free(text);
  wchar_t *wide = NULL;
  stream = open_wmemstream(&wide, &size);
  fwprintf(stream, L"%ls %d", L"wide", 5);
  fclose(stream);
  printf("%ls %zu\n", wide, size);
  free(wide);
}
static void in_files(void) {
  char name[] = "streamXXXXXX", folder[] = "folderXXXXXX", odd[] = "noXXXXX", line[32], *grown = NULL;
  size_t room = 0;
  int fd = mkstemp(name);
  struct stat about;
  fstat(fd, &about);
  printf("mode %o, other name %d\n", about.st_mode & 0777, strcmp(name, "streamXXXXXX") != 0);
  printf("folder %d, rmdir %d, odd %d %s\n", mkdtemp(folder) == folder, rmdir(folder), mkstemp(odd), strerror(errno));
  FILE *stream = fdopen(fd, "w+");
  fputs("one\ntwo;three", stream);
  rewind(stream);
  printf("%zd %zd", getline(&grown, &room, stream), getdelim(&grown, &room, ';', stream));
  printf(" %s", grown);
  printf(" %zd %s, then %zd\n", getdelim(&grown, &room, ';', stream), grown, getline(&grown, &room, stream));
  FILE *again = fopen(name, "a");
  fputs("+more", again);
  printf("tell %ld\n", ftell(again));
  fclose(again);
  printf("eof %d, clear", feof(stream) != 0);
  clearerr(stream);
  printf(" %d, read %s\n", feof(stream), fgets(line, 32, stream));
  again = fopen(name, "r");
  printf("write %d, error %d", fputc('x', again), ferror(again) != 0);
  rewind(again);
  printf(" %d\n", ferror(again));
  printf("reopen %d: ", freopen(name, "r+", again) == again);
  char buffer[8];
  setvbuf(again, buffer, _IOFBF, sizeof buffer);
  printf("%zu %.6s\n", fread(line, 1, 6, again), line);
  fseeko(again, (off_t)1 << 33, SEEK_SET);
  printf("far %lld, %d\n", (long long)ftello(again), fgetc(again));
  fclose(again);
  fclose(stream);
  printf("closed twice %d %s\n", close(fd), strerror(errno));
  stream = tmpfile();
  fwrite("temporary", 1, 9, stream);
  rewind(stream);
  printf("%zu\n", fread(line, 3, 10, stream));
  fclose(stream);
  printf("modes %d %s\n", fopen(name, "q") == NULL, strerror(errno));
  printf("exclusive %d %s\n", fopen(name, "wx") == NULL, strerror(errno));
  stream = fopen(name, "re");
  printf("cloexec %d\n", fcntl(fileno(stream), F_GETFD));
  fclose(stream);
  unlink(name);
  free(grown);
}

int main(void) {
  in_memory();
  in_files();
  printf("%d not flushed", 1);
  exit(0);
}
