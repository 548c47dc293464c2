// Arguments that make no sense, call by call: what each answers that is asked for what there is none of, for
// nothing, for too much, or at an address where nothing is.
// Recorded from Linux: the emulator refuses much of this in another order, and knows not all of these calls.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_PATH "/tmp/refused"
#define BAD ((void *)8)
#define N(name, ...) say(#name "(" #__VA_ARGS__ ")", syscall(SYS_##name, ##__VA_ARGS__))
#define WHETHER(name, ...) printf(#name "(" #__VA_ARGS__ ") is good: %d\n", syscall(SYS_##name, ##__VA_ARGS__) >= 0)

static int file, ends[2], stream, datagrams;
static char *hole, bytes[64];
static sigset_t none;
static struct timespec times[2] = {{0, 1000000000}, {0, 0}};

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void begin(void) {
  hole = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(hole, 8192);
  file = open(FILE_PATH, O_RDWR | O_CREAT | O_TRUNC, 0644);
  write(file, "hello", 5);
  pipe(ends);
  sigemptyset(&none);
  stream = socket(AF_UNIX, SOCK_STREAM, 0);
  datagrams = socket(AF_INET, SOCK_DGRAM, 0);
}

static void descriptors(void) {
  N(pipe2, ends, 0x1);
  N(pipe2, BAD, 0);
  N(dup3, 0, 0, 0);
  N(dup3, 0, 50, 1);
  N(dup3, 99, 5, 0);
  N(fcntl, file, 999, 0);
  N(fcntl, file, F_DUPFD, -1L);
  N(fcntl, file, F_DUPFD, 100000);
  N(fcntl, file, F_GETLK, BAD);
  N(fcntl, file, F_SETSIG, 99);
  N(fcntl, file, F_GETOWN_EX, BAD);
  N(fcntl, ends[0], F_SETPIPE_SZ, -1L);
  N(fcntl, ends[0], F_SETPIPE_SZ, 0);
}

static void opening(void) {
  N(openat, AT_FDCWD, FILE_PATH, O_DIRECTORY);
  N(openat, AT_FDCWD, "/tmp", O_WRONLY);
  N(openat, AT_FDCWD, "/tmp", O_CREAT | O_DIRECTORY, 0);
  N(openat, file, "x", 0);
  N(openat, 99, "x", 0);
  N(openat, AT_FDCWD, BAD, 0);
  N(openat, AT_FDCWD, "", 0);
  N(openat, AT_FDCWD, FILE_PATH "/", 0);
  N(openat, AT_FDCWD, "/tmp", O_TMPFILE | O_RDONLY, 0);
  WHETHER(openat, AT_FDCWD, FILE_PATH, 3);
  N(openat, AT_FDCWD, FILE_PATH, O_CREAT | O_EXCL, 0);
  WHETHER(openat, AT_FDCWD, FILE_PATH, O_NOFOLLOW | O_PATH);
}

static void moving(void) {
  N(lseek, file, -1L, 0);
  N(lseek, file, 0, 9);
  N(lseek, ends[0], 0, 0);
  N(lseek, file, 100, SEEK_DATA);
  N(lseek, file, 0, SEEK_HOLE);
  N(lseek, file, 0x7fffffffffffffffL, SEEK_CUR);
  N(read, file, BAD, 10);
  lseek(file, 0, SEEK_SET);
  N(read, file, BAD, 10);
  N(read, file, BAD, 0);
  WHETHER(read, file, bytes, -1L);
  N(write, file, BAD, 5);
  N(write, ends[1], BAD, 5);
  N(pread64, file, bytes, 5, -1L);
  N(pwrite64, file, bytes, 5, -1L);
  N(preadv, file, bytes, -1L, 0, 0);
  N(readv, file, bytes, 1025);
  N(readv, file, bytes, 0);
  N(readv, file, BAD, 1);
  N(pread64, ends[0], bytes, 1, 0);
}

static void sizes(void) {
  N(ftruncate, file, -1L);
  N(ftruncate, ends[0], 1);
  N(truncate, "/tmp", 1);
  N(truncate, "/tmp/none", 1);
  N(truncate, FILE_PATH, -1L);
  N(fallocate, file, 0, 0, 0);
  N(fallocate, file, 0, -1L, 5);
  N(fallocate, file, 0x80, 0, 5);
  N(fallocate, file, 2, 0, 5);
  N(fallocate, ends[1], 0, 0, 5);
  N(fallocate, file, 0, 0x7fffffffffffffffL, 5);
}

static void names(void) {
  struct stat now;
  N(faccessat, AT_FDCWD, "/tmp", 8);
  N(faccessat2, AT_FDCWD, "/tmp", 0, 0x8000);
  N(newfstatat, AT_FDCWD, "/tmp", &now, 0x8000);
  N(newfstatat, AT_FDCWD, "/tmp", BAD, 0);
  N(statx, AT_FDCWD, "/tmp", 0, 0x80000000, bytes);
  N(statx, AT_FDCWD, "/tmp", 0x6000, 0, bytes);
  N(statx, AT_FDCWD, "/tmp", 0, 0, BAD);
  N(fchmodat, AT_FDCWD, "/tmp/none", 0);
  N(fchownat, AT_FDCWD, FILE_PATH, -1L, -1L, 0x8000);
  N(utimensat, AT_FDCWD, FILE_PATH, BAD, 0);
  N(utimensat, AT_FDCWD, FILE_PATH, times, 0);
  N(utimensat, AT_FDCWD, FILE_PATH, NULL, 0x8000);
  N(unlinkat, AT_FDCWD, FILE_PATH, 1);
  N(unlinkat, AT_FDCWD, "/tmp", 0);
  N(unlinkat, AT_FDCWD, FILE_PATH, AT_REMOVEDIR);
  N(mkdirat, AT_FDCWD, "/", 0);
  N(mkdirat, AT_FDCWD, "/tmp/.", 0);
  N(linkat, AT_FDCWD, "/tmp", AT_FDCWD, "/tmp/q", 0);
  N(linkat, AT_FDCWD, FILE_PATH, AT_FDCWD, "/tmp/q", 1);
  N(symlinkat, "", AT_FDCWD, "/tmp/q");
  N(readlinkat, AT_FDCWD, "/tmp", bytes, 10);
  N(readlinkat, AT_FDCWD, "/tmp", bytes, 0);
  N(renameat2, AT_FDCWD, FILE_PATH, AT_FDCWD, "/tmp/q", 8);
  N(renameat2, AT_FDCWD, FILE_PATH, AT_FDCWD, "/tmp/q", 3);
  N(renameat2, AT_FDCWD, "/", AT_FDCWD, "/tmp/q", 0);
  N(renameat2, AT_FDCWD, "/tmp/.", AT_FDCWD, "/tmp/q", 0);
  N(renameat2, AT_FDCWD, "/tmp", AT_FDCWD, "/tmp/x/y", 0);
  N(mknodat, AT_FDCWD, "/tmp/q", 0040000, 0);
  N(chdir, FILE_PATH);
  N(fchdir, file);
  N(getcwd, bytes, 1);
  N(getcwd, BAD, 100);
  WHETHER(umask, -1L);
  umask(022);
}

static void memory(void) {
  N(mmap, 0, 0, 3, 0x22, -1L, 0);
  N(mmap, 0, 4096, 3, 0x20, -1L, 0);
  N(mmap, 0, 4096, 3, 2, 99, 0);
  N(mmap, 0, 4096, 3, 0x22, -1L, 1);
  N(mmap, 1, 4096, 3, 0x32, -1L, 0);
  N(mmap, 0, -1L, 3, 0x22, -1L, 0);
  N(mmap, 0, 4096, 3, 1, ends[0], 0);
  N(mmap, 0, 1UL<<60, 3, 0x22, -1L, 0);
  N(munmap, 1, 4096);
  N(munmap, 0, 0);
  N(munmap, hole, 4096);
  N(mprotect, 1, 4096, 3);
  N(mprotect, hole, 4096, 3);
  N(mprotect, hole, 0, 3);
  N(mprotect, hole, 4096, 0x100);
  N(mremap, hole, 4096, 8192, 0);
  N(mremap, hole, 4096, 8192, 8);
  N(mremap, hole, 4096, 0, 0);
  N(madvise, 1, 4096, 4);
  N(madvise, hole, 4096, 4);
  N(madvise, hole, 4096, 999);
  N(msync, hole, 4096, 4);
  N(msync, hole, 4096, 5);
  N(msync, 1, 4096, 4);
  N(msync, hole, 4096, 8);
  N(mlock, hole, 4096);
  N(mincore, hole, 4096, bytes);
  N(mincore, 1, 4096, bytes);
  N(mlockall, 0);
  N(mlockall, 99);
  N(mlock2, hole, 4096, 2);
  N(memfd_create, "x", 0x100);
  N(memfd_create, BAD, 0);
  WHETHER(brk, 1);
  N(membarrier, 999, 0, 0);
}

static void signals(void) {
  stack_t small = {bytes, 0, 64}, odd = {0, 99, 8192};
  N(rt_sigaction, 0, 0, 0, 8);
  N(rt_sigaction, 9, bytes, 0, 8);
  N(rt_sigaction, 10, 0, 0, 4);
  N(rt_sigaction, 65, 0, 0, 8);
  N(rt_sigaction, 10, BAD, 0, 8);
  N(rt_sigprocmask, 9, &none, 0, 8);
  N(rt_sigprocmask, 0, &none, 0, 4);
  N(rt_sigprocmask, 0, BAD, 0, 8);
  N(rt_sigpending, bytes, 16);
  N(rt_sigsuspend, &none, 4);
  N(rt_sigtimedwait, &none, 0, times, 8);
  N(kill, 999999, 0);
  N(kill, 0x7fffffff, 99);
  N(kill, -999999L, 0);
  N(tgkill, getpid(), 0, 0);
  N(tgkill, -1L, 1, 0);
  N(tkill, 0, 0);
  N(tkill, getpid(), 99);
  N(rt_sigqueueinfo, getpid(), 10, BAD);
  N(sigaltstack, BAD, 0);
  N(sigaltstack, &small, 0);
  N(sigaltstack, &odd, 0);
}

static void processes(void) {
  struct rlimit limit = {5, 4};
  N(clone, 0x10000|0x11, 0, 0, 0, 0);
  N(clone, 0x800|0x11, 0, 0, 0, 0);
  N(clone3, bytes, 8);
  N(clone3, BAD, 88);
  N(clone3, bytes, 5000);
  N(wait4, -1L, 0, 0, 0);
  N(wait4, -1L, 0, 0x100, 0);
  N(waitid, 9, 0, 0, 4, 0);
  N(waitid, P_ALL, 0, 0, 0, 0);
  N(waitid, P_PID, 0, 0, 4, 0);
  N(waitid, P_PGID, -2L, 0, 4, 0);
  N(waitid, P_PIDFD, -1L, 0, 4, 0);
  N(setpgid, 0, -1L);
  N(setpgid, 999999, 0);
  N(getpgid, 999999);
  N(getsid, -5L);
  N(getpriority, 9, 0);
  N(setpriority, 0, 999999, 0);
  N(sched_setscheduler, 0, 99, bytes);
  N(sched_setscheduler, 0, 0, BAD);
  N(sched_getaffinity, 0, 1, bytes);
  N(sched_getaffinity, 0, 8, BAD);
  N(sched_setaffinity, 0, 0, bytes);
  N(sched_get_priority_max, 99);
  N(sched_rr_get_interval, -1L, bytes);
  N(sched_getparam, -1L, bytes);
  N(sched_getparam, 99999999, 0);
  N(sched_setparam, 0, 0);
  N(prlimit64, 0, 99, 0, 0);
  N(prlimit64, 999999, 0, 0, 0);
  N(getrlimit, 3, BAD);
  N(setrlimit, RLIMIT_NOFILE, &limit);
  N(getrusage, 5, bytes);
}

static void settings(void) {
  N(prctl, 9999, 0, 0, 0, 0);
  N(prctl, PR_SET_NAME, BAD, 0, 0, 0);
  N(prctl, PR_SET_PDEATHSIG, 99, 0, 0, 0);
  N(prctl, PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0);
  N(prctl, PR_SET_DUMPABLE, 2, 0, 0, 0);
  N(personality, 0xffffffff);
  N(unshare, 0x1);
  N(setns, file, 0);
  N(getgroups, -1L, bytes);
  N(setgroups, 70000, bytes);
  N(setreuid, -1L, -1L);
  N(capget, BAD, bytes);
  N(getcpu, BAD, 0, 0);
  N(sysinfo, BAD);
  N(uname, BAD);
  N(times, BAD);
  N(sethostname, bytes, 100);
  N(sethostname, BAD, 5);
  N(syslog, 99, 0, 0);
  N(umount2, "/none", 0);
  N(mount, "a", "/none", "bytes", 0, 0);
  N(getrandom, bytes, 5, 8);
  N(getrandom, BAD, 5, 0);
  N(getrandom, bytes, 5, 6);
}

static void clocks(void) {
  int timer = timerfd_create(1, 0);
  N(clock_gettime, 99, bytes);
  N(clock_gettime, 0, BAD);
  N(clock_settime, 1, bytes);
  N(clock_getres, 99, 0);
  N(clock_nanosleep, 0, 0, times, 0);
  N(clock_nanosleep, 99, 0, times + 1, 0);
  N(clock_nanosleep, 3, 0, times + 1, 0);
  N(clock_nanosleep, 0, 9, times + 1, 0);
  N(nanosleep, BAD, 0);
  N(nanosleep, times, 0);
  N(setitimer, 9, bytes, 0);
  N(getitimer, 0, BAD);
  N(timer_create, 99, 0, bytes);
  N(timer_create, 0, BAD, bytes);
  N(timer_settime, 99, 0, bytes, 0);
  N(timer_gettime, 99, bytes);
  N(timer_delete, 99);
  N(timer_getoverrun, 99);
  N(timerfd_create, 99, 0);
  N(timerfd_create, 0, 1);
  N(timerfd_settime, file, 0, bytes, 0);
  N(timerfd_gettime, ends[0], bytes);
  N(timerfd_settime, timer, 8, bytes, 0);
  N(timerfd_settime, timer, 0, BAD, 0);
  N(adjtimex, BAD);
  N(settimeofday, BAD, 0);
  N(gettimeofday, BAD, 0);
}

static void events(void) {
  int events = eventfd(0, EFD_NONBLOCK), epoll = epoll_create1(0);
  long most = -1;
  struct epoll_event event = {1};
  WHETHER(eventfd2, 0, 1);
  N(read, events, bytes, 4);
  N(read, events, bytes, 8);
  N(write, events, &most, 8);
  N(write, events, &most, 4);
  N(signalfd4, -1L, &none, 4, 0);
  N(signalfd4, -1L, &none, 8, 1);
  N(signalfd4, file, &none, 8, 0);
  N(epoll_create1, 1);
  N(epoll_ctl, epoll, 1, file, &event);
  N(epoll_ctl, epoll, 1, epoll, &event);
  N(epoll_ctl, epoll, 9, ends[0], &event);
  N(epoll_ctl, epoll, 2, ends[0], &event);
  N(epoll_ctl, epoll, 1, ends[0], BAD);
  N(epoll_ctl, file, 1, ends[0], &event);
  N(epoll_ctl, epoll, 1, 99, &event);
  N(epoll_pwait, epoll, bytes, 0, 0, 0, 8);
  N(epoll_pwait, epoll, bytes, -1L, 0, 0, 8);
  N(epoll_pwait, file, bytes, 1, 0, 0, 8);
  N(epoll_pwait, epoll, bytes, 1, 0, &none, 4);
  N(epoll_pwait2, epoll, bytes, 1, times, 0, 8);
}

static void waiting(void) {
  int watch = inotify_init1(0);
  N(inotify_init1, 1);
  N(inotify_add_watch, watch, "/tmp", 0);
  N(inotify_add_watch, watch, "/none", 1);
  N(inotify_add_watch, file, "/tmp", 1);
  N(inotify_rm_watch, watch, 99);
  N(inotify_add_watch, watch, FILE_PATH, IN_ONLYDIR|1);
  N(ppoll, BAD, 1, times + 1, 0, 8);
  N(ppoll, bytes, 100000, times + 1, 0, 8);
  N(ppoll, bytes, 0, times, 0, 8);
  N(ppoll, 0, 0, times + 1, &none, 4);
  N(pselect6, -1L, 0, 0, 0, times + 1, 0);
  N(pselect6, 1, BAD, 0, 0, times + 1, 0);
  N(pselect6, 0, 0, 0, 0, times, 0);
}

static void sockets(void) {
  N(socket, 99, 1, 0);
  N(socket, 1, 99, 0);
  N(socket, 1, 1, 99);
  N(socket, 2, 1, 17);
  N(socket, 1, 1|0x100, 0);
  N(socketpair, 2, 1, 0, bytes);
  N(socketpair, 1, 1, 0, BAD);
  N(bind, stream, BAD, 10);
  N(bind, stream, bytes, 200);
  N(bind, stream, bytes, 1);
  N(bind, file, bytes, 10);
  N(connect, stream, bytes, -1L);
  N(listen, stream, 5);
  N(listen, datagrams, 5);
  N(accept4, stream, 0, 0, 0);
  N(accept4, stream, 0, 0, 1);
  N(accept4, datagrams, 0, 0, 0);
}

static void messages(void) {
  N(getsockname, stream, bytes, BAD);
  N(getpeername, stream, bytes, bytes);
  N(shutdown, stream, 9);
  N(shutdown, stream, 0);
  N(sendto, stream, bytes, 5, 0, 0, 0);
  N(sendto, datagrams, bytes, 5, 0, 0, 0);
  N(recvfrom, stream, bytes, 5, 0, 0, 0);
  N(recvfrom, datagrams, bytes, 5, 0x40, 0, 0);
  N(sendmsg, stream, BAD, 0);
  N(recvmsg, stream, BAD, 0);
  N(setsockopt, stream, 1, 2, BAD, 4);
  N(setsockopt, stream, 1, 2, bytes, 1);
  N(setsockopt, stream, 1, 999, bytes, 4);
  N(setsockopt, stream, 999, 2, bytes, 4);
  N(getsockopt, stream, 1, 999, bytes, bytes);
  N(getsockopt, stream, 1, 3, bytes, BAD);
  N(sendmmsg, stream, BAD, 1, 0);
  N(recvmmsg, stream, BAD, 1, 0, times);
}

static void copies(void) {
  N(sendfile, file, ends[0], 0, 5);
  N(sendfile, ends[0], file, 0, 5);
  N(sendfile, ends[1], file, BAD, 5);
  N(splice, file, 0, file, 0, 5, 0);
  N(splice, ends[0], bytes, ends[1], 0, 5, 0);
  N(splice, ends[0], 0, ends[1], 0, 5, 0);
  N(splice, ends[0], 0, file, 0, 5, 0x100);
  N(tee, file, ends[1], 5, 0);
  N(tee, ends[0], ends[1], 5, 0);
  N(vmsplice, file, bytes, 0, 0);
  N(vmsplice, ends[1], BAD, 1, 0);
  N(copy_file_range, file, 0, file, 0, 5, 1);
  N(copy_file_range, ends[0], 0, file, 0, 5, 0);
  N(copy_file_range, file, 0, file, 0, 5, 0);
  N(sync_file_range, file, -1L, 0, 0);
  N(sync_file_range, file, 0, 0, 99);
  N(sync_file_range, ends[0], 0, 0, 0);
  N(readahead, ends[0], 0, 0);
  N(fadvise64, ends[0], 0, 0, 0);
  N(fadvise64, file, 0, 0, 99);
  N(fadvise64, file, 0, -1L, 0);
}

static void files(void) {
  int directory = open("/tmp", O_RDONLY);
  N(fsync, ends[0]);
  N(fdatasync, 99);
  N(syncfs, 99);
  N(flock, file, 0);
  N(flock, file, 99);
  N(flock, ends[0], 1);
  N(ioctl, file, 0x5401, bytes);
  N(ioctl, 99, 0x5401, bytes);
  N(ioctl, ends[0], 0x541b, BAD);
  N(getdents64, file, bytes, 64);
  N(getdents64, directory, bytes, 1);
  N(getdents64, directory, BAD, 100);
  N(statfs, "/none", bytes);
  N(statfs, "/", BAD);
  N(fstatfs, 99, bytes);
  N(close_range, 5, 4, 0);
  N(close_range, 500, 600, 8);
  N(getxattr, FILE_PATH, "user.x", bytes, 5);
  N(getxattr, FILE_PATH, "x", bytes, 5);
  N(setxattr, FILE_PATH, "user.x", bytes, 5, 9);
  N(setxattr, FILE_PATH, "", bytes, 5, 0);
  N(removexattr, FILE_PATH, "user.y");
}

static void others(void) {
  long how[3] = {0, 0, 0x100};
  N(pidfd_open, -1L, 0);
  N(pidfd_open, getpid(), 1);
  N(pidfd_open, 999999, 0);
  N(pidfd_send_signal, file, 0, 0, 0);
  N(pidfd_getfd, file, 0, 0);
  N(process_vm_readv, getpid(), BAD, 1, BAD, 1, 0);
  N(process_vm_readv, getpid(), 0, 0, 0, 0, 1);
  N(process_vm_readv, 999999, 0, 0, 0, 0, 0);
  N(kcmp, getpid(), getpid(), 99, 0, 0);
  N(openat2, AT_FDCWD, "/tmp", bytes, 8);
  N(openat2, AT_FDCWD, "/tmp", how, 24);
  how[2] = 0;
  how[0] = 1L<<40;
  N(openat2, AT_FDCWD, "/tmp", how, 24);
  how[0] = 0;
  how[1] = 0777;
  N(openat2, AT_FDCWD, "/tmp", how, 24);
  N(set_robust_list, bytes, 8);
  N(get_robust_list, 999999, bytes, bytes);
  N(get_robust_list, 0, BAD, bytes);
  N(execveat, AT_FDCWD, FILE_PATH, 0, 0, 0x8000);
  N(execve, FILE_PATH, 0, 0);
  N(execve, BAD, 0, 0);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  begin();
  descriptors();
  opening();
  moving();
  sizes();
  names();
  memory();
  signals();
  processes();
  settings();
  clocks();
  events();
  waiting();
  sockets();
  messages();
  copies();
  files();
  others();
  unlink(FILE_PATH);
  return 0;
}
