// Names of machines: as they travel, as numbers, and answers that need nobody's help.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void bytes(const unsigned char *at, int size) {
  for (int one = 0; one < size; one++) printf(" %02x", at[one]);
  puts("");
}
static void packed(void) {
  static const char *const names[] = {"", ".", "example.org", "www.example.org", "WWW.example.org.", "mail.other.example.org", "a..b", "org"};
  unsigned char message[256] = {0}, *at = message + 12;
  const unsigned char *known[8] = {message};
  int starts[8];
  for (int one = 0; one < 8; one++) {
    int size = dn_comp(names[one], at, message + 256 - at, (unsigned char **)known, (unsigned char **)known + 8);
    starts[one] = size > 0 ? at - message : -1;
    printf("<%s> %d:", names[one], size);
    bytes(at, size > 0 ? size : 0);
    if (size > 0) at += size;
  }
  for (int one = 0; one < 8; one++) {
    char name[256] = "unset";
    if (starts[one] < 0) continue;
    int size = dn_expand(message, message + 256, message + starts[one], name, sizeof name);
    printf("%d <%s> skip %d, small %d\n", size, name, dn_skipname(message + starts[one], message + 256), dn_expand(message, message + 256, message + starts[one], name, 3));
  }
  static const struct { unsigned char bytes[8]; int size; } odd[] = {
    {{0}, 1}, {{0}, 0}, {{3, 'a', 'b'}, 3}, {{0xc0, 0}, 2}, {{1, 'x', 0xc0, 0}, 4}, {{0xc0, 9}, 2}, {{0x40, 'x', 0}, 3}, {{1, '.', 1, 7, 0}, 5}, {{0xc0}, 1}};
  for (int one = 0; one < 9; one++) {
    char name[64] = "unset";
    int size = dn_expand(odd[one].bytes, odd[one].bytes + odd[one].size, odd[one].bytes, name, sizeof name);
    printf("odd %d: %d %s\n", one, size, size >= 0 ? name : "-");
  }
}
static void show(const char *host, const char *service, int flags, int family, int type) {
  struct addrinfo hints = {.ai_flags = flags, .ai_family = family, .ai_socktype = type}, *all = NULL;
  int how = getaddrinfo(host, service, &hints, &all);
  printf("%s %s: %s", host ? host : "-", service ? service : "-", how ? gai_strerror(how) : "found");
  for (struct addrinfo *one = all; one; one = one->ai_next) {
    char name[64], port[16];
    getnameinfo(one->ai_addr, one->ai_addrlen, name, sizeof name, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    printf(" [%d %d %d %s %s%s%s]", one->ai_family, one->ai_socktype, one->ai_protocol, name, port, one->ai_canonname ? " " : "", one->ai_canonname ? one->ai_canonname : "");
  }
  puts("");
  if (all) freeaddrinfo(all);
}
static void addresses(void) {
  int number = AI_NUMERICHOST | AI_NUMERICSERV;
  show("127.0.0.1", "80", number, AF_UNSPEC, SOCK_STREAM);
  show("10.1", "0", number, AF_INET, SOCK_DGRAM);
  show("::1", "65535", number, AF_INET6, 0);
  show("::ffff:1.2.3.4", NULL, number, AF_UNSPEC, SOCK_STREAM);
  show("1.2.3.4", "7", number | AI_V4MAPPED, AF_INET6, SOCK_STREAM);
  show(NULL, "25", number | AI_PASSIVE, AF_INET, SOCK_STREAM);
  show(NULL, "25", number, AF_INET6, SOCK_STREAM);
  show("127.0.0.1", "22", number | AI_CANONNAME, AF_INET, SOCK_STREAM);
  show("256.0.0.1", "80", number, AF_INET, SOCK_STREAM);
  show("name", "80", number, AF_UNSPEC, SOCK_STREAM);
  show("::1", "80", number, AF_INET, SOCK_STREAM);
  show("127.0.0.1", "http!", number, AF_INET, SOCK_STREAM);
  show(NULL, NULL, number, AF_UNSPEC, SOCK_STREAM);
  show("127.0.0.1", "80", number, 99, SOCK_STREAM);
  show("127.0.0.1", "80", number, AF_INET, 99);
  show("127.0.0.1", "80", 0x40000000, AF_INET, SOCK_STREAM);
  show(NULL, "80", number | AI_CANONNAME, AF_INET, SOCK_STREAM);
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(99), .sin_addr.s_addr = htonl(0xc0000201)};
  char name[64], small[4];
  printf("%s", gai_strerror(getnameinfo((void *)&there, sizeof there, name, 64, NULL, 0, NI_NUMERICHOST)));
  printf(" %s, small %s", name, gai_strerror(getnameinfo((void *)&there, sizeof there, small, 4, NULL, 0, NI_NUMERICHOST)));
  printf(", short %s\n", gai_strerror(getnameinfo((void *)&there, 4, name, 64, NULL, 0, NI_NUMERICHOST)));
}
static void texts(void) {
  static const char *const all[] = {"1.2.3.4", "1.2.3.", "1.2.3", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "0x1.2.3.4", "1.2.3.256", "", "::", "::1", "1::", ":1", "1:", ":::",
    "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "::1.2.3.4", "::ffff:1.2.3.", "1::2::3", "12345::", "g::", "fe80::1%eth0", "::1.2.3.4.5", "1:2:3:4:5:6:1.2.3.4"};
  for (size_t one = 0; one < sizeof all / sizeof *all; one++) {
    unsigned char four[4], six[16];
    char text[64];
    struct in_addr loose;
    int as4 = inet_pton(AF_INET, all[one], four), as6 = inet_pton(AF_INET6, all[one], six), free_form = inet_aton(all[one], &loose);
    printf("<%s> %d %d %d", all[one], as4, as6, free_form);
    if (as6 == 1) printf(" %s", inet_ntop(AF_INET6, six, text, sizeof text));
    if (free_form) printf(" %08x", ntohl(loose.s_addr));
    puts("");
  }
  unsigned char six[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
  char text[64];
  errno = 0;
  printf("%s", inet_ntop(AF_INET6, six, text, 64));
  printf(" %d", inet_ntop(AF_INET6, six, text, 10) == NULL);
  printf(" %s", strerror(errno));
  printf(" %d", inet_pton(99, "1", six));
  printf(" %s\n", strerror(errno));
  struct in_addr one = inet_makeaddr(10, 5);
  printf("%s", inet_ntoa(one));
  printf(" %x %x %x\n", inet_lnaof(one), inet_netof(one), inet_network("10.1.2"));
}

int main(void) {
  packed(), addresses(), texts();
  return 0;
}
