// What /sys shows of the processors and of the network: what its files are like, that nobody changes
// them or their names, and that as many processors are counted in it as elsewhere.
// Recorded from Linux: the emulator shows the files of the machine that it runs on.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))
#define CPU "/sys/devices/system/cpu/"
#define LO "/sys/class/net/lo/"

static char bytes[10000];

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

/** What is in a file, without the end of its line. */
static const char *in(const char *path) {
  static char text[4096];
  int fd = open(path, O_RDONLY);
  long got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  close(fd);
  if (got < 0) return "cannot be read";
  text[got] = 0;
  text[strcspn(text, "\n")] = 0;
  return text;
}

/** How many numbers are in a list of ranges. */
static int counted(const char *path) {
  int sum = 0;
  char text[4096];
  strcpy(text, in(path));
  for (char *range = strtok(text, ","); range; range = strtok(NULL, ",")) {
    char *end;
    int first = strtol(range, &end, 10);
    sum += *end == '-' ? atoi(end + 1) - first + 1 : 1;
  }
  return sum;
}

static void shape(const char *path) {
  struct stat is;
  if (lstat(path, &is) != 0) return say(path, -1);
  printf("%s: %o, %ld bytes in %ld blocks\n", path, is.st_mode, (long)is.st_size, (long)is.st_blocks);
}

/** Whether a directory has a name in it. */
static void among(const char *path, const char *name) {
  DIR *directory = opendir(path);
  int is_there = 0;
  for (struct dirent *one; directory && (one = readdir(directory));) is_there |= strcmp(one->d_name, name) == 0;
  printf("%s %s: %d\n", path, name, is_there);
  if (directory) closedir(directory);
}

static void processors(void) {
  cpu_set_t set;
  int online = counted(CPU "online");
  SAY(online == get_nprocs());
  SAY(online == sysconf(_SC_NPROCESSORS_ONLN));
  SAY(counted(CPU "possible") == get_nprocs_conf());
  SAY(counted(CPU "present") == sysconf(_SC_NPROCESSORS_CONF));
  SAY(sched_getaffinity(0, sizeof set, &set) == 0 && online == CPU_COUNT(&set));
  SAY(atoi(in(CPU "kernel_max")) >= online);
  printf("of itself: %s of %s\n", in(CPU "cpu0/topology/core_id"), in(CPU "cpu0/topology/physical_package_id"));
  printf("besides: \"%s\"", in(CPU "isolated"));
  printf(" and \"%s\"\n", in(CPU "offline"));
  among(CPU, "cpu0");
  among("/sys/bus/cpu/devices", "cpu0");
  among("/sys/class/net", "lo");
  among("/sys", "devices");
}

static void network(void) {
  const char *facts[] = {"address", "addr_len", "carrier", "flags", "ifindex", "mtu", "operstate", "type"};
  for (int i = 0; i < 8; i++) {
    char path[128];
    sprintf(path, LO "%s", facts[i]);
    printf("%s: %s\n", facts[i], in(path));
  }
  SAY(access(LO "statistics/rx_bytes", R_OK));
}

static void refused(void) {
  SAY(open(CPU "online", O_WRONLY));
  SAY(open(CPU "online", O_RDWR));
  SAY(open(CPU "new", O_RDWR | O_CREAT, 0644));
  SAY(open(CPU "online", O_RDONLY | O_CREAT | O_EXCL, 0644));
  SAY(open(CPU, O_TMPFILE | O_RDWR, 0600));
  SAY(open("/proc/self", O_TMPFILE | O_RDWR, 0600));
  SAY(mkdir(CPU "new", 0755));
  SAY(mkdir(CPU "cpu0", 0755));
  SAY(unlink(CPU "online"));
  SAY(unlink(CPU "none"));
  SAY(rmdir(CPU "cpu0"));
  SAY(rename(CPU "online", CPU "new"));
  SAY(rename(CPU "online", "/tmp/new"));
  SAY(symlink("online", CPU "new"));
  SAY(link(CPU "online", CPU "new"));
  SAY(mknod(CPU "new", S_IFIFO | 0600, 0));
  SAY(truncate(CPU "online", 0));
  SAY(truncate("/proc/self/status", 0));
  SAY(access(CPU "online", W_OK));
  SAY(access(CPU "online", X_OK));
}

static void places(void) {
  int fd = open(CPU "kernel_max", O_RDONLY | O_TRUNC);
  int length = strlen(in(CPU "kernel_max")) + 1;
  SAY(lseek(fd, 0, SEEK_END));
  SAY(read(fd, bytes, 10));
  SAY(lseek(fd, 1, SEEK_SET));
  SAY(read(fd, bytes, 100) == length - 1);
  SAY(read(fd, bytes, 100));
  SAY(pread(fd, bytes, 1, 1));
  SAY(pread(fd, bytes, 100, 5000));
  SAY(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
  SAY(ftruncate(fd, 0));
  SAY(write(fd, "a", 1));
}

static void kinds(void) {
  const char *paths[] = {CPU, "/proc/self", "/dev/pts"};
  struct statfs is;
  for (int i = 0; i < 3; i++) {
    if (statfs(paths[i], &is) != 0) say(paths[i], -1);
    printf("%s: %lx, %ld of %ld blocks, %ld of %ld files\n", paths[i], (long)is.f_type, (long)is.f_bfree,
           (long)is.f_blocks, (long)is.f_ffree, (long)is.f_files);
  }
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  processors();
  network();
  shape("/sys");
  shape(CPU);
  shape(CPU "online");
  shape(CPU "cpu0/subsystem");
  shape("/sys/class/net/lo");
  shape(LO "mtu");
  SAY(readlink("/sys/class/net/lo", bytes, sizeof bytes));
  refused();
  places();
  kinds();
  SAY(setuid(1000));
  SAY(open(CPU "online", O_WRONLY));
  SAY(open(LO "mtu", O_WRONLY));
  SAY(mkdir(CPU "new", 0755));
  SAY(unlink(CPU "online"));
  SAY(unlink("/proc/self/stat"));
  SAY(truncate(CPU "online", 0));
  return 0;
}
