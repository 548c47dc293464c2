// A file system in memory that is full: of bytes, of files; and what gives room again.
// Recorded from Linux: the emulator's user mounts nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static char bytes[16 * PAGE];

static void say(const char *what, long answer) {
  if (answer < 0) printf("%s: %s\n", what, strerror(errno));
  else printf("%s: %ld\n", what, answer);
}

static void room(const char *when) {
  struct statvfs facts;
  if (statvfs(".", &facts)) return;
  printf("%s: %ld of %ld pages, %ld of %ld files\n", when, (long)facts.f_bfree,
         (long)facts.f_blocks, (long)facts.f_ffree, (long)facts.f_files);
}

static long fill(int file) {
  long count, all = 0;
  while ((count = write(file, bytes, sizeof bytes)) > 0) all += count;
  printf("%s after %ld pages\n", strerror(errno), all / PAGE);
  return all;
}

static void full_of_bytes(void) {
  int one = open("one", O_CREAT | O_RDWR, 0600), two = open("two", O_CREAT | O_RDWR, 0600);
  write(one, bytes, PAGE + 1);
  room("two pages");
  say("as much as there never is", fallocate(two, 0, 0, 10L << 30));
  fill(two);
  room("full");
  say("one more byte", write(two, "x", 1));
  say("over a page that is there", pwrite(one, bytes, PAGE, 0));
  say("a page over the end", pwrite(one, bytes, 3 * PAGE, PAGE));
  say("a long hole", ftruncate(one, 1 << 24));
  ftruncate(two, PAGE);
  room("one of them shorter");
  write(one, bytes, sizeof bytes);
  unlink("one");
  room("one without a name");
  close(one);
  room("nobody has it");
  say("a hole", fallocate(two, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, PAGE));
  room("a hole");
  close(two);
  unlink("two");
  room("empty");
}

static void full_by_memory(void) {
  int file = open("shown", O_CREAT | O_RDWR, 0600);
  ftruncate(file, 1 << 20);
  char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    for (int at = 0; at < 1 << 20; at += PAGE) memory[at] = 1;
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  printf("memory beyond: %s\n", strsignal(WTERMSIG(status)));
  room("full by memory");
  munmap(memory, 1 << 20);
  close(file);
  unlink("shown");
  room("unmapped");
}

static void full_of_files(void) {
  int file = open("file", O_CREAT | O_RDWR, 0600);
  close(file);
  say("a directory", mkdir("directory", 0700));
  say("a link", link("file", "directory/link"));
  say("a text", symlink("file", "text"));
  room("full of files");
  say("a file", open("more", O_CREAT | O_RDWR, 0600));
  say("a directory", mkdir("more", 0700));
  say("a link", link("file", "more"));
  say("a text", symlink("file", "more"));
  say("a fifo", mkfifo("more", 0600));
  say("without a name", open(".", O_TMPFILE | O_RDWR, 0600));
  say("one that is there", mkdir("file", 0700));
  say("another name", rename("text", "directory/text"));
  say("that of another", rename("directory/text", "file"));
  room("one replaced");
  unlink("file");
  unlink("directory/link");
  rmdir("directory");
  room("empty");
}

int main(void) {
  memset(bytes, 'b', sizeof bytes);
  mkdir("small", 0700);
  say("small", mount("none", "small", "tmpfs", 0, "size=128k,nr_inodes=5"));
  if (chdir("small")) return 1;
  room("new");
  full_of_bytes();
  full_by_memory();
  full_of_files();
  chdir("..");
  say("gone", umount("small"));
  say("large", mount("none", "small", "tmpfs", 0, NULL));
  struct statvfs facts;
  struct sysinfo machine;
  statvfs("small", &facts);
  sysinfo(&machine);
  unsigned long half = machine.totalram * machine.mem_unit / PAGE / 2;
  printf("half of the memory: %d\n", facts.f_blocks == half);
  say("gone", umount("small"));
  rmdir("small");
}
