// Pages of what is shared, shown in another order than they have there.
// Recorded from Linux: the emulator does not know the call.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static void show(const volatile char *pages) {
  printf("%c%c%c%c\n", pages[0], pages[PAGE], pages[2 * PAGE], pages[3 * PAGE]);
  fflush(stdout);
}

static void reorder(char *pages) {
  for (int one = 0; one < 4; one++) pages[one * PAGE] = 'a' + one;
  SAY(remap_file_pages(pages, PAGE, 0, 3, 0));
  show(pages);
  pages[0] = 'z';
  show(pages);
  SAY(remap_file_pages(pages + PAGE, 2 * PAGE, 0, 0, 0));
  show(pages);
  SAY(remap_file_pages(pages + PAGE + 5, PAGE + 5, 0, 2, MAP_NONBLOCK));
  show(pages);
  if (fork() == 0) {
    pages[2 * PAGE] = 'k';
    SAY(remap_file_pages(pages, PAGE, 0, 1, 0));
    show(pages);
    _exit(0);
  }
  wait(NULL);
  show(pages);
  SAY(remap_file_pages(pages, 4 * PAGE, 0, 0, 0));
  show(pages);
}

int main(void) {
  int fd = memfd_create("pages", 0);
  ftruncate(fd, 4 * PAGE);
  reorder(mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  char *pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), last;
  reorder(pages);
  pread(fd, &last, 1, 3 * PAGE);
  printf("last %c\n", last);
  SAY(remap_file_pages(pages, PAGE, PROT_READ, 0, 0));
  SAY(remap_file_pages(pages, 0, 0, 0, 0));
  SAY(remap_file_pages(pages, PAGE - 1, 0, 0, 0));
  SAY(remap_file_pages(pages, PAGE, 0, ~0ul, 0));
  munmap(pages + PAGE, PAGE);
  SAY(remap_file_pages(pages, 3 * PAGE, 0, 0, 0));
  SAY(remap_file_pages(pages + PAGE, PAGE, 0, 0, 0));
  mprotect(pages + 3 * PAGE, PAGE, PROT_READ);
  SAY(remap_file_pages(pages + 2 * PAGE, 2 * PAGE, 0, 0, 0));
  char *own = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  SAY(remap_file_pages(own, PAGE, 0, 1, 0));
  return 0;
}
