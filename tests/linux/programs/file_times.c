// What is known of files: times that are set, statx, statvfs, sizes with holes, offsets beyond 4 GiB.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  int fd = open("timed", O_RDWR | O_CREAT | O_TRUNC, 0640);
  struct timespec times[2] = {{1000, 5}, {2000, 6}};
  struct stat about;
  SAY(futimens(fd, times));
  fstat(fd, &about);
  printf("%ld.%ld %ld.%ld\n", about.st_atim.tv_sec, about.st_atim.tv_nsec, about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
  times[0].tv_nsec = UTIME_OMIT;
  times[1] = (struct timespec){3000, 0};
  SAY(utimensat(AT_FDCWD, "timed", times, 0));
  stat("timed", &about);
  printf("%ld %ld\n", about.st_atime, about.st_mtime);
  times[0].tv_nsec = UTIME_NOW;
  times[1].tv_nsec = 1000000000;
  SAY(utimensat(AT_FDCWD, "timed", times, 0));
  SAY(utimes("timed", NULL));
  stat("timed", &about);
  printf("now %d %d\n", about.st_mtime > 1000000, about.st_mtime - about.st_atime <= 1);
  symlink("timed", "timed.link");
  times[0] = times[1] = (struct timespec){77, 0};
  SAY(utimensat(AT_FDCWD, "timed.link", times, AT_SYMLINK_NOFOLLOW));
  lstat("timed.link", &about);
  printf("%ld %o %ld\n", about.st_mtime, about.st_mode, (long)about.st_size);
  struct statx wide;
  SAY(statx(fd, "", AT_EMPTY_PATH, STATX_ALL, &wide));
  printf("%o %llu %u, basic %d\n", wide.stx_mode, wide.stx_size, wide.stx_nlink, (wide.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
  SAY(statx(fd, "", 0, STATX_ALL, &wide));
  SAY(statx(AT_FDCWD, "timed", 0x6000, STATX_ALL, &wide));
  SAY(statx(AT_FDCWD, "timed", 0, 0x80000000, &wide));
  SAY(pwrite(fd, "end", 3, (off_t)5 << 30));
  fstat(fd, &about);
  printf("size %ld, holes %d\n", (long)about.st_size, about.st_blocks * 512 < about.st_size);
  char bytes[4] = {0};
  SAY(pread(fd, bytes, 3, (off_t)5 << 30));
  puts(bytes);
  SAY(lseek(fd, (off_t)5 << 30, SEEK_SET));
  SAY(lseek(fd, -10, SEEK_END));
  SAY(lseek(fd, -1, SEEK_SET));
  SAY(ftruncate(fd, 10));
  SAY(lseek(fd, 0, SEEK_END));
  struct statvfs system;
  SAY(fstatvfs(fd, &system));
  printf("%d %lu\n", system.f_bsize > 0, system.f_namemax);
  SAY(fallocate(fd, 0, 0, 8192));
  SAY(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 16384));
  SAY(lseek(fd, 0, SEEK_END));
  SAY(posix_fallocate(fd, 0, -1));
  unlink("timed");
  unlink("timed.link");
  return 0;
}
