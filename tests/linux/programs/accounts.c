// Users, groups, machines and services, looked up in the files of a root that the program makes for itself.
// Recorded from Linux: the emulator looks in the host's files, and not every host lets it make a root.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
}
static char long_line[20000];
static void make_root(void) {
  mkdir("root", 0755);
  if (chdir("root") || chroot(".")) printf("no root: %s\n", strerror(errno)), exit(1);
  mkdir("/etc", 0755);
  strcpy(long_line, "large:x:70:");
  for (int one = 0; one < 1000; one++) sprintf(long_line + strlen(long_line), "%smember%d", one ? "," : "", one);
  put("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\nnetworks: files\n");
  put("/etc/passwd", "# who\nroot:x:0:0:The one:/root:/bin/sh\none:pw:1001:50:One,Room 1,,:/home/one:/bin/one\nbroken line\nhalf:x:abc:1::/:\ntwo:x:1002:50::/home/two:\n");
  put("/etc/group", "root:x:0:\nstaff:x:50:one,two\nothers:x:51:two\nempty:x:52:\n");
  FILE *groups = fopen("/etc/group", "a");
  fprintf(groups, "%s\nlast:x:71:one", long_line);
  fclose(groups);
  put("/etc/hosts", "127.0.0.1 here here.example  # comment\n10.0.0.7\tfar.example far\n::1 here\n10.0.0.8 far.example\n256.1.1.1 wrong\n");
  put("/etc/services", "web 80/tcp www\nweb 80/udp\necho 7/tcp\necho 7/udp # both\n");
  put("/etc/protocols", "ip 0 IP\ntcp 6 TCP\nudp 17 UDP\n");
  put("/etc/networks", "lan 10.0.0.0 mine\n");
}
static void user(const char *what, const struct passwd *one) {
  if (!one) printf("%s: none\n", what);
  else printf("%s: %s|%s|%d|%d|%s|%s|%s\n", what, one->pw_name, one->pw_passwd, one->pw_uid, one->pw_gid, one->pw_gecos, one->pw_dir, one->pw_shell);
}
static void users(void) {
  user("root", getpwnam("root")), user("one", getpwnam("one")), user("1002", getpwuid(1002));
  errno = 5;
  struct passwd *none = getpwnam("nobody");
  printf("none %d, errno %d\n", none == NULL, errno);
  user("half", getpwnam("half"));
  struct passwd room, *found = &room;
  char small[8], text[400], *name = malloc(200000);
  int how = getpwnam_r("one", &room, small, sizeof small, &found);
  printf("small %s %d", strerror(how), found == NULL);
  how = getpwnam_r("one", &room, text, sizeof text, &found);
  printf(", enough %d %s", how, found->pw_dir);
  how = getpwuid_r(9999, &room, text, sizeof text, &found);
  printf(", none %d %d", how, found == NULL);
  memset(name, 'x', 199999), name[199999] = 0;
  how = getpwnam_r(name, &room, text, sizeof text, &found);
  printf(", long name %d %d\n", how, found == NULL);
  setpwent();
  for (struct passwd *one; (one = getpwent());) user("next", one);
  endpwent();
  FILE *file = fopen("/etc/passwd", "r");
  user("of a file", fgetpwent(file));
  fclose(file);
  file = fopen("/etc/other", "w+");
  printf("put %d", putpwent(getpwnam("one"), file));
  rewind(file);
  printf(" %s", fgets(text, sizeof text, file));
  fclose(file);
}
static void groups(void) {
  struct group *one = getgrnam("staff");
  printf("%s %d %s %s %d\n", one->gr_name, one->gr_gid, one->gr_mem[0], one->gr_mem[1], one->gr_mem[2] == NULL);
  one = getgrgid(70);
  int members = 0;
  while (one->gr_mem[members]) members++;
  printf("%s has %d, last %s, empty %d\n", one->gr_name, members, one->gr_mem[members - 1], getgrnam("empty")->gr_mem[0] == NULL);
  struct group room, *found = NULL;
  char text[100];
  int how = getgrnam_r("large", &room, text, sizeof text, &found);
  printf("small %s, %d\n", strerror(how), found == NULL);
  gid_t list[8];
  int count = 8;
  how = getgrouplist("one", 50, list, &count);
  printf("of one %d %d:", how, count);
  for (int at = 0; at < count; at++) printf(" %d", list[at]);
  count = 1;
  how = getgrouplist("two", 50, list, &count);
  printf(", too few %d %d\n", how, count);
  printf("init %d", initgroups("two", 52));
  count = getgroups(8, list);
  for (int at = 0; at < count; at++) printf(" %d", list[at]);
  setgrent();
  for (count = 0; getgrent();) count++;
  endgrent();
  printf(", %d groups\n", count);
}
static void look(const char *name, int family, int flags) {
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags}, *all = NULL;
  int how = getaddrinfo(name, "web", &hints, &all);
  printf("%s %d: %s", name, family, how ? gai_strerror(how) : "found");
  for (struct addrinfo *one = all; one; one = one->ai_next) {
    char text[64], port[16];
    getnameinfo(one->ai_addr, one->ai_addrlen, text, 64, port, 16, NI_NUMERICHOST | NI_NUMERICSERV);
    printf(" %s:%s%s%s", text, port, one->ai_canonname ? " " : "", one->ai_canonname ? one->ai_canonname : "");
  }
  puts("");
  if (all) freeaddrinfo(all);
}
static void machines(void) {
  look("here", AF_INET, 0), look("here", AF_INET6, 0), look("far", AF_INET, AI_CANONNAME), look("far.example", AF_INET, 0);
  look("far", AF_INET6, 0), look("wrong", AF_INET, 0), look("nowhere", AF_UNSPEC, 0);
  struct hostent *one = gethostbyname("far");
  printf("%s %s %d %d", one->h_name, one->h_aliases[0], one->h_addrtype, one->h_length);
  printf(" %s\n", inet_ntoa(*(struct in_addr *)one->h_addr));
  printf("none %d, %s\n", gethostbyname("nowhere") == NULL, hstrerror(h_errno));
  unsigned char address[4] = {10, 0, 0, 7};
  one = gethostbyaddr(address, 4, AF_INET);
  printf("%s\n", one ? one->h_name : "none");
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(0x0a000007)};
  char host[64], service[32];
  int how = getnameinfo((void *)&there, sizeof there, host, 64, service, 32, NI_NAMEREQD);
  printf("%d %s %s", how, host, service);
  there.sin_addr.s_addr = htonl(0x0a000009);
  printf(", %s\n", gai_strerror(getnameinfo((void *)&there, sizeof there, host, 64, service, 32, NI_NAMEREQD)));
  struct servent *web = getservbyname("www", "tcp"), *echo;
  printf("%s %d %s", web->s_name, ntohs(web->s_port), web->s_proto);
  echo = getservbyport(htons(7), "udp");
  printf(", %s %s, none %d\n", echo->s_name, echo->s_proto, getservbyname("www", "udp") == NULL);
  printf("%d %s", getprotobyname("TCP")->p_proto, getprotobynumber(17)->p_name);
  struct netent *lan = getnetbyname("mine");
  printf(", %s %x\n", lan->n_name, lan->n_net);
}

int main(void) {
  make_root();
  users(), groups(), machines();
  return 0;
}
