// A shell: pipelines whose commands are this program again, under their names.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int echo(int n, char **a) { for (int i = 1; i < n; i++) printf("%s%s", i > 1 ? " " : "", a[i]); puts(""); return 0; }
static int cat(int n, char **a) {
  char b[512]; int r = 0;
  for (int i = n > 1 ? 1 : 0; i < n; i++) {
    FILE *f = n > 1 ? fopen(a[i], "r") : stdin;
    if (!f) { printf("cat: %s: none\n", a[i]); r = 1; continue; }
    size_t k; while ((k = fread(b, 1, sizeof b, f)) > 0) fwrite(b, 1, k, stdout);
  }
  return r;
}
static int count(int n, char **a) { int c, l = 0, w = 0, k = 0, in = 0; while ((c = getchar()) != EOF) { k++; l += c == '\n'; if (c == ' ' || c == '\n') in = 0; else if (!in) { in = 1; w++; } } printf("%d %d %d\n", l, w, k); return 0; }
static int grep(int n, char **a) { char b[256]; int r = 1; while (fgets(b, sizeof b, stdin)) if (strstr(b, a[1])) { fputs(b, stdout); r = 0; } return r; }
static int seq(int n, char **a) { for (int i = 1; i <= atoi(a[1]); i++) printf("%d\n", i); return 0; }
static const struct { const char *name; int (*run)(int, char **); } applets[] = {{"echo", echo}, {"cat", cat}, {"wc", count}, {"grep", grep}, {"seq", seq}};

static int pipeline(char *line) {
  char *stage = strtok(line, "|"); int in = 0, status = 0; pid_t last = -1;
  while (stage) {
    char *next = strtok(NULL, "|"), *words[20]; int n = 0, p[2] = {0, 1}; char *out = NULL, *rest, *w;
    for (w = strtok_r(stage, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) if (*w == '>') out = w + 1; else words[n++] = w;
    words[n] = NULL;
    if (next) pipe(p);
    last = fork();
    if (last == 0) {
      if (in) { dup2(in, 0); close(in); }
      if (next) { close(p[0]); dup2(p[1], 1); close(p[1]); }
      if (out) dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
      execve("/proc/self/exe", words, NULL);
      _exit(127);
    }
    if (in) close(in);
    if (next) { close(p[1]); in = p[0]; }
    stage = next;
  }
  int s; pid_t done;
  while ((done = wait(&s)) > 0) if (done == last) status = WEXITSTATUS(s);
  return status;
}

int main(int argc, char **argv) {
  for (int i = 0; i < 5; i++) if (strcmp(argv[0], applets[i].name) == 0) return applets[i].run(argc, argv);
  const char *script[] = {"echo hello from a shell", "seq 20 | grep 1 | wc", "seq 5 >numbers", "cat numbers numbers | wc", "cat missing", "echo none | grep some", "cat numbers | cat | cat | cat | grep 3"};
  for (int i = 0; i < 7; i++) { char line[100]; strcpy(line, script[i]); fflush(stdout); printf("= %d\n", pipeline(line)); }
  unlink("numbers");
  return 0;
}
