// A program whose file says whose rights it has: who it is then, and that it is told to be careful.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void as(const char *path, int uid, int careful) {
  fflush(stdout);
  if (fork() == 0) {
    setgid(uid);
    setuid(uid);
    if (careful) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    execl(path, path, "inner", NULL);
    _exit(99);
  }
  int status;
  wait(&status);
  if (WEXITSTATUS(status)) printf("code %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv) {
  if (argc > 1) {
    uid_t uid, euid, suid;
    gid_t gid, egid, sgid;
    getresuid(&uid, &euid, &suid);
    getresgid(&gid, &egid, &sgid);
    printf("users %d %d %d, groups %d %d %d, secure %ld, said %ld %ld, dumpable %d, home %d\n", uid, euid, suid, gid,
           egid, sgid, getauxval(AT_SECURE), getauxval(AT_UID), getauxval(AT_EUID), prctl(PR_GET_DUMPABLE),
           secure_getenv("PATH") != NULL);
    return 0;
  }
  setenv("PATH", "/bin", 1);
  umask(0);
  mkdir("/tmp/rights", 0755);
  int from = open("/proc/self/exe", O_RDONLY), to = open("/tmp/rights/program", O_WRONLY | O_CREAT | O_TRUNC, 0755);
  char bytes[4096];
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;) write(to, bytes, size);
  close(to);
  as("/tmp/rights/program", 1000, 0);
  chown("/tmp/rights/program", 1234, 4321);
  chmod("/tmp/rights/program", 04755);
  as("/tmp/rights/program", 1000, 0);
  as("/tmp/rights/program", 1000, 1);
  as("/tmp/rights/program", 1234, 0);
  chmod("/tmp/rights/program", 06755);
  as("/tmp/rights/program", 1000, 0);
  chmod("/tmp/rights/program", 02745);
  as("/tmp/rights/program", 1000, 0);
  chown("/tmp/rights/program", 0, 0);
  chmod("/tmp/rights/program", 04755);
  as("/tmp/rights/program", 1000, 0);
  chmod("/tmp/rights/program", 0700);
  as("/tmp/rights/program", 1000, 0);
  unlink("/tmp/rights/program");
  rmdir("/tmp/rights");
  return 0;
}
