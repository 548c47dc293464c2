// Files that are memory: names, seals, mappings, and what seals forbid.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  int fd = memfd_create("mine", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  char link[64], target[64] = {0};
  sprintf(link, "/proc/self/fd/%d", fd);
  readlink(link, target, 63);
  puts(target);
  SAY(fcntl(fd, F_GETFD));
  SAY(write(fd, "0123456789", 10));
  SAY(ftruncate(fd, 8192));
  char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy(map, "abc", 3);
  char bytes[11] = {0};
  SAY(pread(fd, bytes, 10, 0));
  puts(bytes);
  SAY(fcntl(fd, F_GET_SEALS));
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(map, 8192);
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
  SAY(ftruncate(fd, 4096));
  SAY(ftruncate(fd, 16384));
  SAY(ftruncate(fd, 8192));
  SAY(pwrite(fd, "x", 1, 0));
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  SAY(pwrite(fd, "x", 1, 0));
  SAY(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0);
  printf("private %d\n", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED);
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  SAY(fcntl(fd, F_GET_SEALS));
  int plain = memfd_create("", 0);
  SAY(fcntl(plain, F_GET_SEALS));
  SAY(fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE));
  SAY(memfd_create("x", 0x8000));
  struct stat about;
  fstat(plain, &about);
  printf("%o %ld\n", about.st_mode, (long)about.st_nlink);
  return 0;
}
