/**
 * The tests read as the manual: each name is a sentence that is true.
 *
 * `house_test.ts` keeps the rules of the tree, `std_test.ts` holds stand-ins for packages against
 * Node. The other folders go by theme: `cpu/` has one contract
 * that the oracle, the interpreter and the compiler all keep; `kernel/` tries system calls through
 * their rows; `loader/` and `guests/` launch programs; `linux/` runs real ones beside an emulator;
 * `rtsmart/` starts them as RT-Smart does;
 * `lab/` explores schedules. `parity/` maps Zircon's own core tests to ours, and `support/` holds what
 * tests share. Long campaigns run with `deno task test --long`, and
 * `--native` asks the Linux below.
 *
 * @module
 */
export {};
