/**
 * What `--strace` shows of messages to the kernel about its network is what `strace` 6.1 shows of the
 * same program on Linux 6.18, where both machines answer alike.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { StraceText } from "../../lab/strace/strace_text.ts";
import { buildBoth, noCompiler } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const SOURCE = new URL("programs/netlink_messages.c", import.meta.url).pathname;
const RECORDED: readonly string[] = JSON.parse(
  Deno.readTextFileSync(new URL("netlink_lines.json", import.meta.url)),
);
/** What differs between machines: what is told of interfaces, and where nothing was put down. */
const OWN = /RTM_NEW|EAGAIN/;

const reason = noCompiler();

async function lines(): Promise<string[]> {
  const name = "netlink_messages";
  const built = await buildBoth({ name, source: SOURCE, isLevel: false, libraries: [] });
  const machine = new TestLinux({ stderr: () => {} });
  machine.put("/program", Deno.readFileSync(built.static));
  const text: string[] = [];
  machine.linux.tracer = new StraceText((part) => void text.push(part));
  machine.finish({ path: "/program" });
  return text.join("").split("\n").filter((line) => /^(sendto|recvfrom)\(/.test(line));
}

Deno.test({
  name: `messages about the network are written as strace writes them${
    reason ? ` (${reason})` : ""
  }`,
  ignore: reason !== undefined,
  fn: async () => {
    const all = (await lines()).map((line) =>
      line.replaceAll(/nlmsg_pid=[1-9]\d*/g, "nlmsg_pid=N")
    );
    assertEquals(all.filter((line) => !OWN.test(line)), [...RECORDED]);
    const own = all.filter((line) => line.includes("RTM_NEWADDR"));
    assertEquals(own.length, 2);
    assertEquals(
      own[0],
      "recvfrom(3, [{nlmsg_len=48, nlmsg_type=RTM_NEWADDR, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=5, " +
        "nlmsg_pid=N}, {ifa_family=AF_INET, ifa_prefixlen=8, ifa_flags=IFA_F_PERMANENT, " +
        'ifa_scope=RT_SCOPE_HOST, ifa_index=if_nametoindex("lo")}, [[{nla_len=8, ' +
        'nla_type=IFA_ADDRESS}, inet_addr("127.0.0.1")], [{nla_len=8, nla_type=IFA_LOCAL}, ' +
        'inet_addr("127.0.0.1")], [{nla_len=7, nla_type=IFA_LABEL}, "lo"]]], 65536, MSG_DONTWAIT, ' +
        "NULL, NULL) = 48",
    );
  },
});
