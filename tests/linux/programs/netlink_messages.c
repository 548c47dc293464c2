// Messages to the kernel about the network, and what it answers: about the interface to the machine itself,
// and to what makes no sense.
// Recorded from Linux: the emulator shows the interfaces of the machine that it runs on.
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd, port;

// What was received, without what is about other interfaces.
static void hear(void) {
  static char room[65536];
  int count = recv(fd, room, sizeof room, MSG_DONTWAIT);
  if (count < 0) {
    printf("  nothing\n");
    return;
  }
  for (char *at = room; at < room + count; at += NLMSG_ALIGN(((struct nlmsghdr *)at)->nlmsg_len)) {
    struct nlmsghdr *head = (void *)at;
    struct ifinfomsg *link = NLMSG_DATA(head);
    struct ifaddrmsg *address = NLMSG_DATA(head);
    if (head->nlmsg_type == RTM_NEWLINK && link->ifi_index != 1) continue;
    if (head->nlmsg_type == RTM_NEWADDR && address->ifa_index != 1) continue;
    printf("  type %d, flags %x, number %d, to me: %d", head->nlmsg_type, head->nlmsg_flags, head->nlmsg_seq, head->nlmsg_pid == port);
    if (head->nlmsg_type == RTM_NEWLINK) printf(", kind %d, flags %x", link->ifi_type, link->ifi_flags & 0x10049);
    if (head->nlmsg_type == RTM_NEWADDR) printf(", family %d, first %d, scope %d", address->ifa_family, address->ifa_prefixlen, address->ifa_scope);
    if (head->nlmsg_type == NLMSG_ERROR) {
      struct nlmsgerr *error = NLMSG_DATA(head);
      printf(", length %d, error %d, of %d with %d bytes", head->nlmsg_len, error->error, error->msg.nlmsg_type, error->msg.nlmsg_len);
    }
    printf("\n");
  }
}

static void ask(const char *what, int type, int flags, int number, const void *body, int length) {
  struct { struct nlmsghdr head; char body[64]; } message = {{16 + length, type, flags, number, 0}};
  memcpy(message.body, body, length);
  printf("%s: %ld\n", what, (long)send(fd, &message, message.head.nlmsg_len, 0));
  hear();
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  struct sockaddr_nl name = {AF_NETLINK};
  socklen_t length = sizeof name;
  fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  bind(fd, (void *)&name, sizeof name);
  getsockname(fd, (void *)&name, &length);
  port = name.nl_pid;
  printf("my number: %d\n", port == getpid());
  struct ifinfomsg lo = {.ifi_index = 1}, none = {0}, other = {.ifi_index = 9999};
  struct rtgenmsg four = {AF_INET}, six = {AF_INET6};
  ask("an interface", RTM_GETLINK, NLM_F_REQUEST, 1, &lo, sizeof lo);
  ask("with thanks", RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, 2, &lo, sizeof lo);
  hear();
  ask("no interface", RTM_GETLINK, NLM_F_REQUEST, 3, &none, sizeof none);
  ask("another interface", RTM_GETLINK, NLM_F_REQUEST, 4, &other, sizeof other);
  ask("addresses", RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 5, &four, sizeof four);
  hear();
  ask("addresses of six words", RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 6, &six, sizeof six);
  hear();
  ask("a kind that is not known", 77, NLM_F_REQUEST, 7, &four, sizeof four);
  ask("nothing with thanks", NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, 8, "", 0);
  ask("nothing", NLMSG_NOOP, NLM_F_REQUEST, 9, "", 0);
  ask("no request", RTM_GETLINK, 0, 10, &lo, sizeof lo);
  ask("too short", RTM_GETLINK, NLM_F_REQUEST, 11, &lo, 4);
  printf("half a head: %ld\n", (long)send(fd, &lo, 8, 0));
  hear();
  return 0;
}
