/**
 * Objects of the kernel (`rt_object`), and the heap that they lie in.
 *
 * Programs hold the kernel's own addresses of them and hand these back, and the kernel follows them:
 * nothing but an assertion stands between a program's number and the kernel's memory.
 *
 * @module
 */

/** Where the kernel's part of the addresses begins: sign-extended, so negative here. */
const KERNEL_VADDR_START = -0x40_0000_0000;

const HEAP_OFFSET = 0x20_0000;

/** What an object takes in the heap. */
const OBJECT_SIZE = 256;

/** How long the names of objects are kept (`RT_NAME_MAX`). */
export const NAME_MAX = 24;

/** An object of the kernel. */
export abstract class RtObject {
  /** Its class, such as `semaphore`. */
  abstract readonly type: string;
  /** What its creator called it. */
  readonly name: string;
  /** Where it lies in the kernel's memory. */
  readonly address: number;
  /** How many processes have it (`lwp_ref_count`). */
  users = 0;
  readonly #heap: KernelHeap;

  /** An object in the heap. */
  constructor(heap: KernelHeap, name: string) {
    this.#heap = heap;
    this.name = name.slice(0, NAME_MAX);
    this.address = heap.allocate(OBJECT_SIZE);
    heap.objects.set(this.address, this);
  }

  /** One process fewer has it; after the last it is deleted. */
  leave(): void {
    if (--this.users <= 0) this.delete();
  }

  /** Let it go: whoever waits for it is told so. */
  delete(): void {
    this.#heap.objects.delete(this.address);
    this.#heap.free(this.address, OBJECT_SIZE);
    this.detached();
  }

  /** It is no longer an object of the kernel. */
  protected abstract detached(): void;
}

/** The kernel's heap: addresses, and the objects at them. */
export class KernelHeap {
  /** The objects by their addresses. */
  readonly objects: Map<number, RtObject> = new Map();
  /** Where it begins. */
  readonly start: number = KERNEL_VADDR_START + HEAP_OFFSET;
  readonly #free = new Map<number, number[]>();
  #next = KERNEL_VADDR_START + HEAP_OFFSET;

  /** Where what was ever given out ends. */
  get end(): number {
    return this.#next;
  }

  /** Room of a size; what was freed last is given out first. */
  allocate(size: number): number {
    const freed = this.#free.get(size)?.pop();
    if (freed !== undefined) return freed;
    const address = this.#next;
    this.#next += size;
    return address;
  }

  /** Give room back. */
  free(address: number, size: number): void {
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
  }
}
