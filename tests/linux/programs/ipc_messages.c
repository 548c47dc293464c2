// Queues of messages: by type, by others' types, too long, full, waited for, removed.
// Recorded from Linux: the emulator answers with the host's queues, and those are other programs' too.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

struct message { long type; char text[100]; };
#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int put(int id, long type, const char *text, int flags) {
  struct message one = {type};
  strcpy(one.text, text);
  return msgsnd(id, &one, strlen(text) + 1, flags);
}
static void get(int id, long type, size_t room, int flags) {
  struct message one = {0};
  ssize_t size = msgrcv(id, &one, room, type, flags);
  if (size < 0) printf("type %ld: %s\n", type, strerror(errno));
  else printf("type %ld: %zd bytes of %ld: %s\n", type, size, one.type, one.text);
}

int main(void) {
  int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  printf("made %d\n", id >= 0);
  SAY(put(id, 0, "x", 0));
  put(id, 3, "three", 0);
  put(id, 1, "one", 0);
  put(id, 2, "two", 0);
  put(id, 1, "one again", 0);
  struct msqid_ds about;
  SAY(msgctl(id, IPC_STAT, &about));
  printf("%lu messages, %lu bytes of %lu, from %d\n", (long)about.msg_qnum, about.__msg_cbytes,
         (long)about.msg_qbytes, about.msg_lspid == getpid());
  get(id, 2, 100, 0);
  get(id, -2, 100, 0);
  get(id, 3, 3, 0);
  get(id, 3, 3, MSG_NOERROR);
  get(id, 3, 100, IPC_NOWAIT);
  get(id, 5, 100, MSG_EXCEPT);
  get(id, 0, 100, IPC_NOWAIT);
  char big[9000] = {0};
  *(long *)big = 1;
  SAY(msgsnd(id, big, 8193, IPC_NOWAIT));
  SAY(msgsnd(id, big, 8000, IPC_NOWAIT));
  SAY(msgsnd(id, big, 8000, IPC_NOWAIT));
  SAY(msgsnd(id, big, 8000, IPC_NOWAIT));
  msgrcv(id, big, 8000, 0, 0);
  msgrcv(id, big, 8000, 0, 0);
  pid_t child = fork();
  if (child == 0) {
    get(id, 7, 100, 0);
    put(id, 8, "answer", 0);
    fflush(stdout);
    get(id, 9, 100, 0);
    fflush(stdout);
    _exit(0);
  }
  usleep(1000);
  put(id, 7, "question", 0);
  get(id, 8, 100, 0);
  usleep(20000);
  fflush(stdout);
  int gone = msgctl(id, IPC_RMID, NULL);
  waitpid(child, NULL, 0);
  printf("removed %d\n", gone);
  SAY(msgctl(id, IPC_STAT, &about));
  return 0;
}
