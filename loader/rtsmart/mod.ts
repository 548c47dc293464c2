/**
 * How RT-Smart loads programs: in the kernel, into fixed addresses, with everything readable,
 * writable and executable; by the loader of the first years, or by the later one.
 *
 * Both trust the file. Where that leads the kernel astray (an address without a frame, a file that
 * ends too early) the machine hangs as the real one does, and an event of the log says so.
 *
 * @module
 */
export { LOADERS } from "./generations.ts";
