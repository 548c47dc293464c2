// The interface that the machine has to itself, as calls and messages to the kernel tell of it.
// Recorded from Linux: the emulator shows the interfaces of the machine that it runs on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void show(const char *what, struct sockaddr *address) {
  char text[64] = "none";
  if (address && address->sa_family == AF_INET) {
    inet_ntop(AF_INET, &((struct sockaddr_in *)address)->sin_addr, text, sizeof text);
  } else if (address && address->sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &((struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
  }
  printf(" %s %s", what, text);
}

static void addresses(void) {
  struct ifaddrs *all = NULL;
  SAY(getifaddrs(&all));
  for (struct ifaddrs *one = all; one; one = one->ifa_next) {
    if (strcmp(one->ifa_name, "lo") != 0) continue;
    printf("lo, flags %x, family %d:", one->ifa_flags, one->ifa_addr ? one->ifa_addr->sa_family : -1);
    show("address", one->ifa_addr);
    show("mask", one->ifa_netmask);
    printf("\n");
  }
  freeifaddrs(all);
  char name[IF_NAMESIZE] = "";
  SAY(if_nametoindex("lo"));
  SAY(if_nametoindex("nothing"));
  printf("%s\n", if_indextoname(1, name));
  struct if_nameindex *names = if_nameindex();
  printf("the first is %u, %s\n", names[0].if_index, names[0].if_name);
  if_freenameindex(names);
}

static void facts(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq one;
  memset(&one, 0, sizeof one);
  strcpy(one.ifr_name, "lo");
  SAY(ioctl(fd, SIOCGIFFLAGS, &one));
  printf("flags %x\n", one.ifr_flags);
  SAY(ioctl(fd, SIOCGIFMTU, &one));
  printf("mtu %d\n", one.ifr_mtu);
  SAY(ioctl(fd, SIOCGIFADDR, &one));
  show("address", &one.ifr_addr);
  SAY(ioctl(fd, SIOCGIFNETMASK, &one));
  show("mask", &one.ifr_addr);
  SAY(ioctl(fd, SIOCGIFHWADDR, &one));
  printf("kind %d\n", one.ifr_hwaddr.sa_family);
  SAY(ioctl(fd, SIOCGIFTXQLEN, &one));
  printf("queue %d\n", one.ifr_qlen);
  strcpy(one.ifr_name, "nothing");
  SAY(ioctl(fd, SIOCGIFFLAGS, &one));
  struct ifreq list[8];
  struct ifconf conf = {.ifc_len = sizeof list, .ifc_req = list};
  SAY(ioctl(fd, SIOCGIFCONF, &conf));
  printf("listed: %d %s\n", conf.ifc_len >= (int)sizeof *list, list[0].ifr_name);
  int ends[2], waiting = -1;
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  write(ends[0], "four", 4);
  SAY(ioctl(ends[1], FIONREAD, &waiting));
  printf("waiting: %d\n", waiting);
}

static int ask(int fd, int type, int flags, char *answer, int room) {
  struct {
    struct nlmsghdr head;
    struct ifinfomsg body;
  } message = {{sizeof message, type, NLM_F_REQUEST | flags, 7, 0}, {AF_UNSPEC}};
  struct sockaddr_nl kernel = {AF_NETLINK}, from;
  socklen_t length = sizeof from;
  sendto(fd, &message, sizeof message, 0, (void *)&kernel, sizeof kernel);
  int got = recvfrom(fd, answer, room, MSG_DONTWAIT, (void *)&from, &length);
  if (got > 0 && (length != sizeof from || from.nl_pid != 0)) printf("from somebody else\n");
  return got;
}

static void messages(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  struct sockaddr_nl own = {AF_NETLINK};
  socklen_t length = sizeof own;
  char answer[8192];
  struct nlmsghdr *head = (void *)answer;
  SAY(bind(fd, (void *)&own, sizeof own));
  SAY(getsockname(fd, (void *)&own, &length));
  printf("%d %d %d\n", (int)length, own.nl_family, own.nl_pid == getpid());
  int got = ask(fd, 9999, NLM_F_ACK, answer, sizeof answer);
  struct nlmsgerr *error = NLMSG_DATA(head);
  printf("unknown: %d %d %s\n", got > 0, head->nlmsg_type, strerrorname_np(-error->error));
  ask(fd, RTM_GETLINK, 0, answer, sizeof answer);
  printf("which link: %d %d\n", head->nlmsg_type == RTM_NEWLINK || head->nlmsg_type == NLMSG_ERROR,
         head->nlmsg_seq);
  got = ask(fd, RTM_GETLINK, NLM_F_DUMP, answer, sizeof answer);
  struct ifinfomsg *link = NLMSG_DATA(head);
  printf("all links: %d %d, index %d, kind %d\n", head->nlmsg_type == RTM_NEWLINK,
         head->nlmsg_pid == own.nl_pid, link->ifi_index, link->ifi_type);
  SAY(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  addresses();
  facts();
  messages();
  return 0;
}
