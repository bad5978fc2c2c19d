import type { DeviceRole, PortKind } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/**
 * `search_key` is the name as it is searched (see search-key.ts). Flags are 0 or 1. `rank` is the order in which people
 * wrote things down.
 */
export interface InventoryTables {
  sites: { id: Generated<number>; name: string; rank: number };
  buildings: { id: Generated<number>; site_id: number; name: string; rank: number };
  floors: { id: Generated<number>; building_id: number; name: string; rank: number };
  /** `site_id` repeats what the floor says: a room's name is unique within its site. */
  rooms: {
    id: Generated<number>;
    floor_id: number;
    site_id: number;
    name: string;
    search_key: string;
    rank: number;
  };
  racks: {
    id: Generated<number>;
    room_id: number;
    name: string;
    search_key: string;
    purpose: string;
    height_u: number;
    rank: number;
  };
  /** `definition` is the JSON of a DeviceTypeFile; the other columns repeat what queries need of it. */
  device_types: {
    id: Generated<number>;
    slug: string;
    manufacturer: string;
    model: string;
    u_height: number;
    form: 'full' | 'half' | 'vertical' | 'none';
    full_depth: number;
    definition: string;
  };
  devices: {
    id: Generated<number>;
    name: string;
    search_key: string;
    type_id: number;
    role: DeviceRole;
    room_id: number;
    rack_id: number | null;
    /** Lowest rack unit; in halves. */
    position: number | null;
    face: 'front' | 'rear';
    side: 'full' | 'left' | 'right';
    serial: string | null;
  };
  outlets: { id: Generated<number>; name: string; search_key: string; room_id: number };
  /** Exactly one of `device_id` and `outlet_id` is set. */
  ports: {
    id: Generated<number>;
    device_id: number | null;
    outlet_id: number | null;
    kind: PortKind;
    name: string;
    search_key: string;
    rank: number;
    /** A jack: a cord in front, an installed cable behind. */
    two_sided: number;
    lanes: number;
    /** Inner wiring of a front port: the rear port behind it and the lane there. */
    rear_port_id: number | null;
    rear_lane: number | null;
  };
  links: {
    id: Generated<number>;
    kind: 'permanent' | 'patch' | 'power';
    label: string;
    search_key: string;
    color: string | null;
    length_m: number | null;
  };
  /** Each side of a port holds at most one end. `side`: which end of the link, `port_side`: where it is plugged in. */
  link_ends: {
    link_id: number;
    side: 'a' | 'b';
    port_id: number;
    port_side: 'front' | 'rear';
  };
  /** `sealed` is the JSON of SnmpCredentials, sealed by the secret box. */
  credentials: { id: Generated<number>; name: string; sealed: string };
  device_monitoring: {
    device_id: number;
    address: string;
    snmp_port: number;
    credential_id: number | null;
    profile: string | null;
    interval_seconds: number;
    ping: number;
    /** JSON array of TCP ports. */
    tcp: string;
  };
  /** One row: counts every change of any table above. */
  inventory_revision: { id: number; revision: number };
}
