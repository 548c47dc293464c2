// A shell: pipelines, redirection, && and ||, $(…), variables, subshells, jobs behind, signals. Every command
// but those that concern the shell itself is another program: this one, executed again under its name.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *at;
static int status, is_idle;
static pid_t last_job;
static volatile sig_atomic_t trapped;
static int list(void);

static void note(int signal) { trapped = signal; }
static int peek(const char *text) {
  while (*at == ' ') at++;
  return !strncmp(at, text, strlen(text));
}
static int accept_text(const char *text) { return peek(text) ? at += strlen(text), 1 : 0; }
static int ended(int child) { return WIFSIGNALED(child) ? 128 + WTERMSIG(child) : WEXITSTATUS(child); }
static int wait_for(pid_t child) {
  int how;
  while (waitpid(child, &how, 0) < 0) if (errno != EINTR) return 127;
  return ended(how);
}

// What a list of commands prints, without the newlines at its end.
static void substitute(char *into) {
  int ends[2], size = 0, got;
  const char *begin = at;
  pipe(ends);
  fflush(stdout);
  pid_t child = is_idle ? 0 : fork();
  if (child == 0 && !is_idle) {
    dup2(ends[1], 1), close(ends[0]), close(ends[1]);
    status = list();
    fflush(stdout);
    _exit(status);
  }
  close(ends[1]);
  while ((got = read(ends[0], into + size, 400 - size)) > 0) size += got;
  close(ends[0]);
  while (size && into[size - 1] == '\n') size--;
  into[size] = 0;
  int how = child ? wait_for(child) : status;
  at = begin, is_idle++, list(), is_idle--;
  status = how;
  if (*at == ')') at++;
}
static int word(char *to) {
  char quote = 0, *begin = to;
  while (*at == ' ') at++;
  if (!*at || strchr(";&|()<>\n", *at)) return 0;
  for (; *at && (quote || !strchr(" ;&|()<>\n", *at)); ) {
    if (*at == quote) quote = 0, at++;
    else if (!quote && (*at == '\'' || *at == '"')) quote = *at++;
    else if (quote != '\'' && at[0] == '$' && at[1] == '(') at += 2, substitute(to), to += strlen(to);
    else if (quote != '\'' && *at == '$') {
      char name[32] = {0}, number[16];
      const char *value;
      at++;
      if (strchr("?!$", *at)) name[0] = *at++;
      else for (int size = 0; isalnum(*at) && size < 31; ) name[size++] = *at++;
      sprintf(number, "%d", status);
      value = name[0] == '?' ? number : name[0] == '!' ? last_job > 0 ? "job" : "" : getenv(name);
      to = stpcpy(to, value ? value : "");
    } else *to++ = *at++;
  }
  *to = 0;
  return 1;
}

static int own(int count, char **words) {
  char *equals = strchr(words[0], '=');
  if (count == 1 && equals) return *equals = 0, setenv(words[0], equals + 1, 1);
  if (!strcmp(words[0], "cd")) return chdir(count > 1 ? words[1] : "/") ? 1 : 0;
  if (!strcmp(words[0], "exit")) exit(count > 1 ? atoi(words[1]) : status);
  if (!strcmp(words[0], "wait")) {
    int how = last_job > 0 ? wait_for(last_job) : 127;
    return last_job = 0, how;
  }
  if (!strcmp(words[0], "kill")) return kill(!strcmp(words[2], "$$") ? getpid() : last_job, atoi(words[1]) * -1) ? 1 : 0;
  if (!strcmp(words[0], "trap")) return signal(atoi(words[1]), note) == SIG_ERR;
  if (!strcmp(words[0], "trapped")) return printf("trapped %d\n", trapped), fflush(stdout), 0;
  return -1;
}
static void redirect(char kind, int fd, const char *name) {
  int flags = kind == '<' ? O_RDONLY : O_WRONLY | O_CREAT | (kind == 'a' ? O_APPEND : O_TRUNC);
  int file = kind == '&' ? atoi(name) : open(name, flags, 0644);
  if (file < 0) printf("%s: %s\n", name, strerror(errno)), fflush(stdout), _exit(1);
  dup2(file, fd);
  if (kind != '&') close(file);
}
// One command of a pipeline; `forked` if this process is its own.
static int command(int forked) {
  char text[16][512], names[4][512], kinds[4], *words[17];
  int count = 0, files = 0, fds[4];
  if (accept_text("(")) {
    fflush(stdout);
    pid_t child = is_idle || forked ? 0 : fork();
    const char *begin = at;
    if (child == 0 && !is_idle && !forked) {
      status = list();
      fflush(stdout);
      _exit(status);
    }
    if (forked && !is_idle) return status = list(), accept_text(")"), status;
    int kept = status;
    at = begin;
    is_idle++, list(), is_idle--, accept_text(")");
    status = kept;
    return child > 0 ? wait_for(child) : 0;
  }
  for (;;) {
    int fd = peek("2>") ? at++, 2 : 1, got = 0;
    if (accept_text(">>")) kinds[files] = 'a', got = 1;
    else if (accept_text(">&")) kinds[files] = '&', got = 1;
    else if (accept_text(">")) kinds[files] = '>', got = 1;
    else if (accept_text("<")) kinds[files] = '<', fd = 0, got = 1;
    if (got) fds[files] = fd, word(names[files++]);
    else if (count < 16 && word(text[count])) words[count] = text[count], count++;
    else break;
  }
  words[count] = NULL;
  if (is_idle || !count) return 0;
  int answer = own(count, words);
  if (answer >= 0) return answer;
  fflush(stdout);
  pid_t child = forked ? 0 : fork();
  if (child == 0) {
    for (int one = 0; one < files; one++) redirect(kinds[one], fds[one], names[one]);
    execv("/proc/self/exe", words);
    _exit(126);
  }
  return wait_for(child);
}
// Read it and do nothing.
static void skip(int (*what)(int)) {
  int kept = status;
  is_idle++, what(0), is_idle--;
  status = kept;
}
static int pipeline(int forked) {
  int in = -1, answer = 0, children = 0;
  pid_t child = 0;
  for (;;) {
    const char *begin = at;
    int ends[2] = {-1, -1};
    skip(command);
    int more = peek("|") && !peek("||");
    if (is_idle || (!more && in < 0)) {
      if (!is_idle) at = begin, answer = command(forked);
      if (!more) return answer;
      at++;
      continue;
    }
    if (more) pipe(ends);
    fflush(stdout);
    child = fork(), children++;
    if (child == 0) {
      if (in >= 0) dup2(in, 0), close(in);
      if (more) dup2(ends[1], 1), close(ends[0]), close(ends[1]);
      at = begin;
      answer = command(1);
      fflush(stdout);
      _exit(answer);
    }
    if (in >= 0) close(in);
    if (!more) break;
    close(ends[1]), in = ends[0], at++;
  }
  answer = wait_for(child);
  while (--children > 0) wait(NULL);
  return answer;
}
static int chain(int forked) {
  status = pipeline(0);
  for (;;) {
    int is_and = peek("&&");
    if (!is_and && !peek("||")) return status;
    at += 2;
    if (!is_idle && is_and == (status == 0)) status = pipeline(0);
    else skip(pipeline);
  }
}
static int list(void) {
  while (*at && *at != ')') {
    const char *begin = at;
    skip(chain);
    if (peek("&") && !peek("&&")) {
      fflush(stdout);
      if (!is_idle && (last_job = fork()) == 0) {
        at = begin, status = chain(0);
        fflush(stdout);
        _exit(status);
      }
      at++, status = 0;
    } else if (!is_idle) at = begin, status = chain(0);
    if (!accept_text(";") && !accept_text("\n") && *at != ')' && (peek("&") || peek("|"))) break;
  }
  return status;
}

static int applet(int count, char **words) {
  const char *name = words[0];
  char line[256];
  int lines = 0;
  if (!strcmp(name, "echo")) {
    for (int one = 1; one < count; one++) printf("%s%s", one > 1 ? " " : "", words[one]);
    return puts(""), 0;
  }
  if (!strcmp(name, "true") || !strcmp(name, "false")) return *name == 'f';
  if (!strcmp(name, "sleep")) { for (;;) pause(); }
  if (!strcmp(name, "seq")) {
    for (int one = 1; one <= atoi(words[1]); one++) printf("%d\n", one);
    return 0;
  }
  if (!strcmp(name, "complain")) return fputs("complaint\n", stderr), 3;
  if (!strcmp(name, "pwd")) return puts(getcwd(line, 256)), 0;
  if (!strcmp(name, "env")) return puts(getenv(words[1]) ? getenv(words[1]) : "none"), 0;
  if (!strcmp(name, "rm")) return unlink(words[1]) ? 1 : 0;
  if (!strcmp(name, "yes")) { for (;;) if (puts("y") < 0 || fflush(stdout)) return 1; }
  int is_cat = !strcmp(name, "cat"), is_grep = !strcmp(name, "grep"), is_head = !strcmp(name, "head");
  if (!is_cat && !is_grep && !is_head && strcmp(name, "wc")) return printf("%s: not found\n", name), 127;
  int found = 0;
  while (fgets(line, 256, stdin)) {
    lines++;
    if (is_cat || is_head || (is_grep && strstr(line, words[1]))) fputs(line, stdout), found = 1;
    if (is_head && lines == atoi(words[1])) break;
  }
  if (!strcmp(name, "wc")) printf("%d\n", lines), found = 1;
  return is_grep && !found;
}

static const char *const SCRIPT[] = {
  "echo hello '  two  ' \"and $? more\"",
  "seq 20 | grep 1 | wc",
  "true && echo yes || echo no",
  "false && echo yes || echo no",
  "false || false || echo third; echo next",
  "seq 3 > numbers; seq 2 >> numbers; cat < numbers | wc",
  "cat < missing; echo $?",
  "complain 2> said; echo $?; cat < said",
  "complain 2>&1 | cat",
  "NAME=value; echo $NAME; env NAME; env OTHER",
  "echo there are $(seq 7 | wc) lines and $(echo nested $(echo deep))",
  "echo \"$(seq 3)\"",
  "(cd /; pwd; exit 4); echo $?",
  "(echo one; echo two; false) | wc",
  "echo behind > late & wait; echo $?; cat < late",
  "sleep & kill -15 $!; wait; echo $?",
  "sleep & kill -9 $!; wait; echo $?",
  "trap 10; kill -10 '$$'; trapped",
  "yes | head 2; echo $?",
  "nothing; echo $?",
  "seq 100 | cat | cat | cat | cat | grep 99",
  "rm numbers && rm said && rm late && rm numbers; echo $?",
};

int main(int count, char **words) {
  if (count > 0 && !strchr(words[0], '/')) return applet(count, words);
  for (size_t one = 0; one < sizeof SCRIPT / sizeof *SCRIPT; one++) {
    printf("$ %s\n", SCRIPT[one]);
    fflush(stdout);
    at = SCRIPT[one];
    list();
    fflush(stdout);
  }
  return 0;
}
