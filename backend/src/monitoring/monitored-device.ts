import type { DeviceRole, PortKind, SnmpCredentials } from '@rackhaus/config/contract';

/** What monitoring needs to know of a device. */
export interface MonitoredDevice {
  readonly id: number;
  readonly name: string;
  readonly role: DeviceRole;
  readonly roomId: number | null;
  readonly rackId: number | null;
  /** For people: "Serverraum neu, Schrank 3, HE 1-3". */
  readonly place: string;
  /** null: nothing polls it. */
  readonly monitoring: {
    readonly address: string;
    readonly snmpPort: number;
    readonly credentials: SnmpCredentials | null;
    readonly profile: string | null;
    readonly intervalSeconds: number;
    readonly ping: boolean;
    readonly tcp: readonly number[];
  } | null;
  readonly ports: readonly {
    readonly id: number;
    readonly name: string;
    readonly kind: PortKind;
    /** Its traced far end is a port of another monitored device. */
    readonly infrastructure: boolean;
    readonly farDeviceId?: number | null;
  }[];
}

/** Where monitoring learns which devices there are. */
export interface DeviceSource {
  list(): Promise<readonly MonitoredDevice[]>;
  /** Calls `listener` after devices, ports or links have changed. Returns how to stop that. */
  onChange(listener: () => void): () => void;
}
