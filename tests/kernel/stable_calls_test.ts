import { assertEquals } from "@std/assert";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";

/** Zircon's stable calls, by what they are about. */
const STABLE = {
  bti: "create pin release_quarantine",
  cache: "flush",
  channel: "call call_etc create read read_etc write write_etc",
  clock: "create get_boot get_details get_details_mapped get_monotonic read read_mapped update",
  counter: "add create read write",
  cprng: "add_entropy draw",
  deadline: "after",
  debug: "read send_command write",
  debuglog: "create read write",
  event: "create",
  eventpair: "create",
  exception: "get_process get_thread",
  fifo: "create read write",
  futex:
    "get_owner requeue requeue_single_owner wait wake wake_handle_close_thread_exit wake_single_owner",
  guest: "create set_trap",
  handle: "check_valid close close_many duplicate replace",
  interrupt: "ack bind create destroy trigger wait",
  iob: "create writev",
  iommu: "create",
  ioports: "release request",
  job: "create set_critical set_policy",
  ktrace: "control read",
  msi: "allocate create",
  mtrace: "control",
  nanosleep: "",
  object:
    "get_child get_info get_property set_profile set_property signal signal_peer wait_async wait_many wait_one",
  pager: "create create_vmo detach_vmo op_range query_vmo_stats supply_pages",
  pci:
    "add_subtract_io_range cfg_pio_rw config_read config_write enable_bus_master get_bar get_nth_device init map_interrupt query_irq_mode reset_device set_irq_mode",
  pmt: "unpin",
  port: "cancel cancel_key create queue wait",
  process: "create exit read_memory start write_memory",
  profile: "create",
  resource: "create",
  smc: "call",
  socket: "create read set_disposition write",
  stream: "create readv readv_at seek writev writev_at",
  system:
    "get_dcache_line_size get_event get_features get_num_cpus get_page_size get_performance_info get_physmem mexec mexec_payload_get powerctl set_performance_info watch_memory_stall",
  task: "create_exception_channel kill suspend suspend_token",
  thread: "create exit legacy_yield raise_exception read_state start start_regs write_state",
  ticks: "get get_boot per_second",
  timer: "cancel create set",
  vcpu: "create enter interrupt kick read_state write_state",
  vmar:
    "allocate destroy map map_clock map_iob op_range protect unmap unmap_handle_close_thread_exit",
  vmo:
    "create create_child create_contiguous create_physical get_size get_stream_size op_range read replace_as_executable set_cache_policy set_size set_stream_size transfer_data write",
} as const;

/** The only one that is no question to the kernel: its answer is text in the vDSO itself. */
const IN_VDSO_ONLY = "zx_system_get_version_string";

Deno.test("every stable call of Zircon has a row, but the one whose answer is text in the vDSO", () => {
  const rows = new Set<string>(Object.values(ZIRCON_ROWS).map(({ name }) => name));
  const absent = Object.entries(STABLE).flatMap(([about, calls]) => {
    return calls.split(" ").map((call) => call ? `zx_${about}_${call}` : `zx_${about}`);
  }).filter((name) => !rows.has(name));
  assertEquals(absent, []);
  assertEquals(rows.has(IN_VDSO_ONLY), false);
});
