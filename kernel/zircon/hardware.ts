/**
 * Calls that drive hardware this machine does not have: each says so, whatever it is given.
 *
 * @module
 */
import { Status } from "../abi.ts";
import { syscall } from "../syscall/row.ts";

const DMA = "Access of devices to memory; there are no devices.";
const PCI = "The PCI bus; there is none.";
const MSI = "Interrupts as messages on a bus; there is no bus.";
const PORTS = "The processor's input and output ports; it has none.";
const GUESTS = "Virtual machines within this one; the processor cannot do that.";
const TRACE = "Tracing by the kernel itself; the event log is outside of the machine.";
const POWER = "Power and the start of other kernels; the machine is a program that ends.";

/** The calls of this file. */
export const HARDWARE_ROWS = {
  btiCreate: absent("zx_bti_create", DMA),
  btiPin: absent("zx_bti_pin", DMA),
  btiReleaseQuarantine: absent("zx_bti_release_quarantine", DMA),
  iommuCreate: absent("zx_iommu_create", DMA),
  pmtUnpin: absent("zx_pmt_unpin", DMA),
  pciAddSubtractIoRange: absent("zx_pci_add_subtract_io_range", PCI),
  pciCfgPioRw: absent("zx_pci_cfg_pio_rw", PCI),
  pciConfigRead: absent("zx_pci_config_read", PCI),
  pciConfigWrite: absent("zx_pci_config_write", PCI),
  pciEnableBusMaster: absent("zx_pci_enable_bus_master", PCI),
  pciGetBar: absent("zx_pci_get_bar", PCI),
  pciGetNthDevice: absent("zx_pci_get_nth_device", PCI),
  pciInit: absent("zx_pci_init", PCI),
  pciMapInterrupt: absent("zx_pci_map_interrupt", PCI),
  pciQueryIrqMode: absent("zx_pci_query_irq_mode", PCI),
  pciResetDevice: absent("zx_pci_reset_device", PCI),
  pciSetIrqMode: absent("zx_pci_set_irq_mode", PCI),
  msiAllocate: absent("zx_msi_allocate", MSI),
  msiCreate: absent("zx_msi_create", MSI),
  ioportsRequest: absent("zx_ioports_request", PORTS),
  ioportsRelease: absent("zx_ioports_release", PORTS),
  smcCall: absent("zx_smc_call", "Calls to firmware; there is none."),
  guestCreate: absent("zx_guest_create", GUESTS),
  guestSetTrap: absent("zx_guest_set_trap", GUESTS),
  vcpuCreate: absent("zx_vcpu_create", GUESTS),
  vcpuEnter: absent("zx_vcpu_enter", GUESTS),
  vcpuInterrupt: absent("zx_vcpu_interrupt", GUESTS),
  vcpuKick: absent("zx_vcpu_kick", GUESTS),
  vcpuReadState: absent("zx_vcpu_read_state", GUESTS),
  vcpuWriteState: absent("zx_vcpu_write_state", GUESTS),
  ktraceControl: absent("zx_ktrace_control", TRACE),
  ktraceRead: absent("zx_ktrace_read", TRACE),
  mtraceControl: absent("zx_mtrace_control", TRACE),
  systemMexec: absent("zx_system_mexec", POWER),
  systemMexecPayloadGet: absent("zx_system_mexec_payload_get", POWER),
  systemPowerctl: absent("zx_system_powerctl", POWER),
  systemGetPerformanceInfo: absent("zx_system_get_performance_info", POWER),
  systemSetPerformanceInfo: absent("zx_system_set_performance_info", POWER),
  systemWatchMemoryStall: absent("zx_system_watch_memory_stall", POWER),
};

function absent(name: string, about: string) {
  return syscall({ name, about, args: {}, errors: ["NOT_SUPPORTED"], run: refuse });
}

function refuse() {
  return Status.NOT_SUPPORTED;
}
