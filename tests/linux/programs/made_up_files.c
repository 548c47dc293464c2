// Files that are made up: nobody else's names can be among them, and devices have no places in them.
// Recorded from Linux: the emulator passes some of it on to the machine that it runs on.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

/** How many bytes a file has, and how many words in its first line. */
static void shape(const char *path) {
  char text[4096] = "";
  int fd = open(path, O_RDONLY), words = 0;
  int got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  close(fd);
  char *line = strtok(text, "\n");
  for (char *word = line ? strtok(line, " \t") : NULL; word; word = strtok(NULL, " \t")) words++;
  printf("%s: %s, %d words\n", path, got > 0 ? "there" : "empty or not there", words);
}

/** A process's memory is a file, of which there is only what is mapped. */
static void memory(void) {
  int fd = open("/proc/self/mem", O_RDWR);
  long there = 0x1234, other = 0x77, got = 0;
  SAY(pread(fd, &got, sizeof got, (long)&there) == sizeof got && got == 0x1234);
  SAY(pwrite(fd, &other, sizeof other, (long)&there) == sizeof other && there == 0x77);
  SAY(pread(fd, &got, sizeof got, 0));
  char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  static char copy[3 * 4096];
  munmap(pages + 2 * 4096, 4096);
  SAY(pread(fd, copy, sizeof copy, (long)pages + 10));
  SAY(pwrite(fd, copy, sizeof copy, (long)pages + 10));
  close(fd);
}

int main(void) {
  char bytes[64];
  setvbuf(stdout, NULL, _IONBF, 0);
  SAY(mkdir("/proc/own", 0755));
  SAY(unlink("/proc/self/stat"));
  SAY(open("/proc/self/own", O_CREAT | O_RDWR, 0644));
  SAY(rmdir("/proc/self/fd"));
  const char *settings[] = {"kernel/random/boot_id", "kernel/random/entropy_avail", "kernel/sem", "kernel/shmmax",
                            "net/core/somaxconn", "net/ipv4/ip_local_port_range", "vm/swappiness",
                            "fs/inotify/max_user_watches"};
  for (int i = 0; i < 8; i++) {
    char path[128];
    sprintf(path, "/proc/sys/%s", settings[i]);
    shape(path);
  }
  shape("/proc/self/schedstat");
  shape("/proc/self/uid_map");
  shape("/proc/self/oom_score_adj");
  memory();
  int zero = open("/dev/zero", O_RDWR);
  char *own = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 4096);
  char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
  printf("zeros: %d %d\n", own[5000], shared[5000]);
  own[0] = 1, shared[0] = 2;
  if (fork() == 0) {
    shared[1] = 3;
    _exit(0);
  }
  wait(NULL);
  printf("a child's: %d %d, and nobody else's: %d\n", shared[0], shared[1],
         *(char *)mmap(NULL, 4096, PROT_READ, MAP_SHARED, zero, 0));
  SAY(lseek(zero, 100, SEEK_SET));
  SAY(read(zero, bytes, 10));
  SAY(lseek(zero, 0, SEEK_CUR));
  int none = open("/dev/null", O_RDONLY);
  SAY(lseek(none, 100, SEEK_END));
  unsigned long arguments[11] = {0};
  SAY(syscall(SYS_clone3, arguments, 5000));
  SAY(syscall(SYS_clone3, arguments, 8));
  return 0;
}
