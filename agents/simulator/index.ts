export { loadRecording, loadSnmprec, parseSnmprec, type Recording } from './recording/snmprec.ts';
export { namedFaults, type ResponderFaults } from './snmp/faults.ts';
export { type ResponderCounts, SnmpResponder, type SnmpResponderOptions } from './snmp/responder.ts';
export { LiveStore, type OidStore, RecordedStore, type StoreEntry } from './snmp/store.ts';
export { trapMessage } from './snmp/trap.ts';
export type { V3User } from './snmp/usm.ts';
export * as snmpValue from './snmp/value.ts';
export { type HistoryReading, history, historySpans } from './town/history.ts';
export { buildTown, type Town } from './town/topology.ts';
