// Whose the other end of a socket is: that of who connected or listened, as it was then.
// Recorded from Linux: the emulator tells the numbers of processes of the machine that it runs on.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ucred peer(int fd) {
  struct ucred who = {9, 9, 9};
  socklen_t length = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length)) printf("it cannot be asked\n");
  return who;
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  struct sockaddr_un name = {AF_UNIX, "\0peers"};
  socklen_t length = sizeof(sa_family_t) + 6;
  int pair[2], status, go[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  printf("a pair is its maker's: %d %d\n", peer(pair[0]).pid == getpid(), peer(pair[1]).uid);
  struct ucred nobody = peer(socket(AF_UNIX, SOCK_STREAM, 0));
  printf("nobody: %d %d %d\n", nobody.pid, nobody.uid, nobody.gid);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(listener, (void *)&name, length);
  listen(listener, 5);
  pipe(go);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    setregid(77, 77);
    setreuid(99, 99);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    connect(fd, (void *)&name, length);
    struct ucred server = peer(fd);
    printf("who listens: %d %d %d\n", server.pid == getppid(), server.uid, server.gid);
    printf("a pair of another's: %d\n", peer(pair[0]).pid == getppid());
    read(go[0], &byte, 1);
    _exit(0);
  }
  struct ucred client;
  int fd = accept(listener, NULL, NULL);
  client = peer(fd);
  printf("who connected: %d %d %d\n", client.pid == child, client.uid, client.gid);
  write(go[1], "x", 1);
  wait(&status);
  client = peer(fd);
  printf("stays so: %d %d %d\n", client.pid == child, client.uid, client.gid);
  return 0;
}
