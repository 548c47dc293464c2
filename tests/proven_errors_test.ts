/**
 * The types see to it that a row answers no error that it does not declare; this sees to it that it
 * declares none that no test provokes. The tests of the kernel are run once more, with an eye on
 * what each call answers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Status, statusName } from "../kernel/abi.ts";
import { Call, type ParkOptions } from "../kernel/syscall/call.ts";
import { performerOf } from "../kernel/syscall/performer.ts";
import { errorsOf, type Row } from "../kernel/syscall/row.ts";
import { SyscallTable } from "../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../kernel/zircon/rows.ts";
import { collectTests } from "./support/test_titles.ts";

const KERNEL_TESTS = fromFileUrl(new URL("./kernel", import.meta.url));

const ROWS: readonly Row[] = new SyscallTable(ZIRCON_ROWS).rows;

/** Tests by chance prove nothing by name, and attacks are seen to refuse elsewhere. */
const BY_CHANCE = /hostile|model|attack/;

/** What calls answered while somebody watched, and what they said of why. */
interface Sight {
  /** Each call with each error that it answered, at once or after it was parked. */
  readonly answered: Set<string>;
  /** Each call with each error that it gave a reason for. */
  readonly explained: Set<string>;
}

/** Write down what each call answers, and why, while `body` runs. */
async function watching(body: () => Promise<void>): Promise<Sight> {
  const seen = new Set<string>();
  const explained = new Set<string>();
  const note = ({ name }: Row, answer: unknown) => {
    if (typeof answer === "number" && answer < 0) seen.add(`${name} ${statusName(answer)}`);
  };
  for (const row of ROWS) {
    const real = performerOf(row);
    row.performer = (call) => {
      const answer = real(call);
      note(row, answer);
      return answer;
    };
  }
  const { park, finish, deny } = Call.prototype;
  Call.prototype.deny = function (this: Call, denial: Parameters<typeof deny>[0]) {
    explained.add(`${this.row.name} ${statusName(denial.status)}`);
    deny.call(this, denial);
  };
  Call.prototype.park = function (this: Call, options: ParkOptions) {
    const begin: ParkOptions["begin"] = (done) => {
      return options.begin((answer) => (note(this.row, answer), done(answer)));
    };
    const timedOut = () => {
      const answer = options.timedOut();
      note(this.row, answer);
      return answer;
    };
    return park.call(this, { ...options, begin, timedOut });
  };
  Call.prototype.finish = function (this: Call, answer: number) {
    note(this.row, answer);
    finish.call(this, answer);
  };
  try {
    await body();
  } finally {
    Object.assign(Call.prototype, { park, finish, deny });
    for (const row of ROWS) row.performer = null;
  }
  return { answered: seen, explained };
}

/** Answers that tell how the world is, and refuse nothing. */
const NEWS = /SHOULD_WAIT|TIMED_OUT|CANCELED|PEER_CLOSED$/;

Deno.test("every error that a call declares is provoked by a test, and every refusal explained", async () => {
  const tests = await collectTests(KERNEL_TESTS, (file) => !BY_CHANCE.test(file));
  const { answered, explained } = await watching(async () => {
    for (const { fn, ignore } of tests) if (!ignore) await fn();
  });
  const declared = ROWS.flatMap((row) => {
    return errorsOf(row).filter((error) => Status[error] < 0)
      .map((error) => `${row.name} ${error}`);
  });
  assertEquals(declared.filter((pair) => !answered.has(pair)), []);
  assertEquals(declared.filter((pair) => !NEWS.test(pair) && !explained.has(pair)), []);
});
