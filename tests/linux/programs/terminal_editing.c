// How a line is typed: what the letters that erase, repeat and quote do to it, what is seen of that,
// and when a program gets it; and what becomes of bytes on their way out.
// Recorded from Linux: the emulator answers with the host's terminals.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;
static struct termios fresh;

static void show(const char *what, const char *bytes, ssize_t count) {
  printf("  %s:", what);
  for (ssize_t at = 0; at < count; at++) {
    unsigned char byte = bytes[at];
    if (byte == ' ') printf(" _");
    else if (byte > 32 && byte < 127) printf(" %c", byte);
    else printf(" %d", byte);
  }
  printf(count < 0 ? " nothing\n" : "\n");
  fflush(stdout);
}

/** What has been shown, and all reads that need not wait. */
static void look(void) {
  char bytes[512];
  usleep(20000);
  struct pollfd seen = {master, POLLIN, 0};
  if (poll(&seen, 1, 0) > 0) show("seen", bytes, read(master, bytes, sizeof bytes));
  struct pollfd typed = {slave, POLLIN, 0};
  while (poll(&typed, 1, 0) > 0) show("read", bytes, read(slave, bytes, sizeof bytes));
}

/** Type something on an empty line, and then a newline of its own if it has none. */
static void type(const char *name, const char *keys) {
  printf("%s\n", name);
  write(master, keys, strlen(keys));
  look();
}

static void flags(tcflag_t input_on, tcflag_t input_off, tcflag_t local_on, tcflag_t local_off) {
  struct termios settings = fresh;
  settings.c_iflag = settings.c_iflag & ~input_off | input_on;
  settings.c_lflag = settings.c_lflag & ~local_off | local_on;
  tcsetattr(slave, TCSAFLUSH, &settings);
}

static void letters(int which, int letter) {
  struct termios settings = fresh;
  settings.c_cc[which] = letter;
  tcsetattr(slave, TCSAFLUSH, &settings);
}

static void erasing(void) {
  type("a letter", "abc\177d\n");
  type("more than there are", "ab\177\177\177\177c\n");
  type("a letter nobody sees", "a\001\177b\n");
  type("a tab", "ab\tc\177\177d\n");
  type("two tabs", "\t\t\177x\n");
  type("a tab behind what nobody sees", "\001\t\177x\n");
  type("a word", "one two_2\027x\n");
  type("a word and blanks", "one two  \027x\n");
  type("signs", "one --\027x\n");
  type("all", "one two\025x\n");
  type("all of nothing", "\025x\n");
  flags(0, 0, 0, ECHOKE);
  type("all, on a line of its own", "one\025x\n");
  flags(0, 0, 0, ECHOKE | ECHOK);
  type("all, without a line", "one\025x\n");
  flags(0, 0, 0, ECHOE);
  type("a letter that stays", "ab\177c\n");
  type("a word that stays", "ab cd\027e\n");
  flags(0, 0, ECHOPRT, 0);
  type("as on paper", "abc\177\177d\177\177e\n");
  type("a word as on paper", "abc def\027\n");
  flags(0, 0, 0, ECHO);
  type("unseen", "abc\177\025de\027f\n");
  flags(0, 0, ECHONL, ECHO);
  type("only the end is seen", "abc\n");
  flags(0, 0, 0, ECHOCTL);
  type("as it is", "a\001b\177\177c\n");
  flags(0, 0, 0, IEXTEN);
  type("nothing but the oldest letters", "a b\027\022\026c\177\n");
  flags(IUTF8, 0, 0, 0);
  type("a letter of two bytes", "a\303\244\177b\n");
  flags(0, IUTF8, 0, 0);
  type("a byte of two", "a\303\244\177b\n");
  flags(0, 0, 0, 0);
}

static void quoting(void) {
  type("an eraser", "a\026\177b\n");
  type("an end", "a\026\004b\n");
  type("a newline", "a\026\nb\n");
  type("a signal", "a\026\003b\n");
  type("the quote itself", "a\026\026b\n");
  type("once more", "abc\022d\n");
  type("once more with something unseen", "a\001b\022\177\n");
}

static void ends(void) {
  type("an end of file", "\004");
  type("an end of a piece", "abc\004def\n");
  letters(VEOL, '.');
  type("another end", "abc.def\n");
  letters(VEOL2, ';');
  type("a second one", "abc;def\n");
  flags(0, ICRNL, 0, 0);
  type("a return", "a\rb\n");
  flags(INLCR, ICRNL, 0, 0);
  type("newlines are returns", "a\nb\r");
  flags(IGNCR, 0, 0, 0);
  type("no returns", "a\rb\n");
  flags(ISTRIP, 0, 0, 0);
  type("seven bits", "\341\342\n");
  flags(IUCLC, 0, 0, 0);
  type("small letters", "ABC\n");
  flags(PARMRK, 0, 0, 0);
  type("a mark", "a\377b\n");
  flags(0, 0, 0, ICANON);
  type("no lines", "ab\177\027\004\n");
  flags(0, 0, 0, ICANON | ECHO);
  type("no lines and nothing seen", "ab\r");
  flags(0, 0, EXTPROC, 0);
  type("somebody else edits", "ab\177\r\n");
  flags(0, 0, 0, 0);
}

static void way_out(const char *name, tcflag_t on, tcflag_t off, const char *text) {
  struct termios settings = fresh;
  settings.c_oflag = settings.c_oflag & ~off | on;
  tcsetattr(slave, TCSAFLUSH, &settings);
  printf("%s\n", name);
  write(slave, text, strlen(text));
  look();
}

static void output(void) {
  way_out("newlines", 0, 0, "a\nb\r\n");
  way_out("as they are", 0, OPOST, "a\nb\t\n");
  way_out("tabs are blanks", XTABS, 0, "ab\tc\t\n");
  way_out("tabs behind what goes back", XTABS, 0, "abc\b\b\td\n");
  way_out("returns are newlines", OCRNL, 0, "a\rb\n");
  way_out("no return at the beginning", ONOCR, 0, "\ra\r\rb\n");
  way_out("newlines return", ONLRET, ONLCR, "ab\n\tc\n");
  way_out("capitals", OLCUC, 0, "aBc\n");
  way_out("done", 0, 0, "");
  type("a tab behind a prompt", "");
  write(slave, "ok> ", 4);
  look();
  type("is erased", "\t\177x\n");
}

/** A line may be so long, and no longer. */
static void long_line(void) {
  char line[600], bytes[8192];
  flags(0, 0, 0, ECHO);
  for (int at = 0; at < 10; at++) {
    memset(line, 'a' + at, 500);
    write(master, line, 500);
    usleep(20000);
  }
  write(master, "end\n", 4);
  usleep(20000);
  int ready = -1;
  ioctl(slave, FIONREAD, &ready);
  ssize_t got = read(slave, bytes, sizeof bytes);
  printf("a long line: %d ready, %zd, ends with %d %d %d\n", ready, got, bytes[got - 3], bytes[got - 2], bytes[got - 1]);
  flags(0, 0, 0, 0);
}

/** Reads by how many bytes there are, and by time. */
static void timed(int least, int time, const char *keys) {
  char bytes[64];
  struct termios settings = fresh;
  settings.c_lflag &= ~(ICANON | ECHO);
  settings.c_cc[VMIN] = least;
  settings.c_cc[VTIME] = time;
  tcsetattr(slave, TCSAFLUSH, &settings);
  printf("at least %d, for %d\n", least, time);
  fflush(stdout);
  if (fork() == 0) {
    for (; *keys; keys++) {
      usleep(60000);
      write(master, keys, 1);
    }
    _exit(0);
  }
  show("read", bytes, read(slave, bytes, sizeof bytes));
  usleep(400000);
  fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK);
  show("left", bytes, read(slave, bytes, sizeof bytes));
  fcntl(slave, F_SETFL, O_RDWR);
}

int main(void) {
  master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  tcgetattr(slave, &fresh);
  printf("fresh %o %o %o %o\n", fresh.c_iflag, fresh.c_oflag, fresh.c_cflag, fresh.c_lflag);
  erasing();
  quoting();
  ends();
  output();
  long_line();
  timed(3, 0, "abcd");
  timed(0, 2, "ab");
  timed(0, 2, "");
  timed(0, 0, "ab");
  timed(2, 1, "ab");
  timed(5, 1, "ab");
  struct winsize size = {7, 8, 9, 10}, there = {0};
  ioctl(master, TIOCSWINSZ, &size);
  ioctl(slave, TIOCGWINSZ, &there);
  printf("size %d %d %d %d\n", there.ws_row, there.ws_col, there.ws_xpixel, there.ws_ypixel);
  return 0;
}
