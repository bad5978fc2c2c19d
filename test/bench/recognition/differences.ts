/** Where we and the expected files differ on purpose. */
export interface Difference {
  /** Over `recording aspect what value`. */
  readonly pattern: RegExp;
  /** The MIB's text that decides, or what else does. */
  readonly why: string;
}

export const differences: readonly Difference[] = [
  {
    pattern: /^xos\S* sensors power .*RX Power .* -(0\.000001|1e-0?6)$/,
    why: 'ENTITY-SENSOR-MIB entPhySensorValue of a receiver: no light is less than nothing, sent as -1',
  },
  {
    pattern: /\[\.1\.3\.6\.1\.4\.1\.9\.9\.91\.1\.1\.1\.1\.4\.\d+\] -?\d{9,}$/,
    why: 'CISCO-ENTITY-SENSOR-MIB SensorValue: what is far beyond any such sensor is no reading',
  },
  {
    pattern: /^procurve\S* identity model Stack$/,
    why: 'sysDescr of a stack names no model; ENTITY-MIB entPhysicalModelName of its chassis does',
  },
  {
    pattern: /identity model Web\/SNMP Management Card$/,
    why: 'PowerNet-MIB: sysDescr of a management card ends with the model number, MN:',
  },
  {
    pattern: /318\.1\.1\.10\.4\.3\.4\.1\.7\.\d/,
    why: 'PowerNet-MIB memInputNormalState: "Defines the normal (no alarm) state of the input", a setting',
  },
  {
    pattern: /sensors humidity .* -1$/,
    why: 'PowerNet-MIB uioSensorStatusHumidity: "-1 indicates an invalid reading"',
  },
  {
    pattern: /sensors temperature Battery \[\.1\.3\.6\.1\.2\.1\.33\.1\.2\.7\.0\] 0$/,
    why: 'UPS-MIB upsBatteryTemperature is the temperature of the room around the battery: cards without a probe send 0',
  },
  {
    pattern: /\[\.1\.3\.6\.1\.2\.1\.33\.1\.(3\.3\.1\.[45]|4\.4\.1\.[345]|5\.3\.1\.[34])\.[\d.]+\] -[\d.]+$/,
    why: 'UPS-MIB NonNegativeInteger, INTEGER (0..2147483647): less than nothing is no value',
  },
  {
    pattern: /\[\.1\.3\.6\.1\.2\.1\.33\.1\.[\d.]+\] (65535|6553\.5|4294967295|2147483647)$/,
    why: 'UPS-MIB PositiveInteger ends at 2147483647, and no line carries 6,553.5 A: not known',
  },
  {
    pattern: /sensors state UPS the battery is charging .* 1$/,
    why: 'Network UPS Tools, CHRG: the battery is charging, which it does after every power cut and is nothing to warn of',
  },
  {
    pattern: /ports \d+ [^ ]*\.\.\. /,
    why: 'SNMPv2-TC DisplayString: what stands behind NUL is no text',
  },
  {
    pattern: /sensors humidity .*3854\.1\.2\.2\.1\.17/,
    why: 'SPAGENT-MIB sensorProbeHumidityOnline: these probes are offline(2)',
  },
  {
    pattern: /sensors frequency .* 5$/,
    why: 'UPS-MIB upsInputFrequency, UNITS 0.1 Hertz: raw 500 is 50 Hz',
  },
  {
    pattern: /^dlink\S* memories (?:Dram|Flash) Memory/,
    why: 'DLINKSW-ENTITY-EXT-MIB dEntityExtMemUtilTotal, UNITS "KB": 262144 are 256 MByte, not 256 KByte',
  },
  {
    pattern: /sensors voltage .*\.231\.2\.10\.2\.2\.10\.6\.3\.1\.6\./,
    why: 'FSC-SERVERCONTROL2-MIB sc2VoltageNominalValue is what it should be; sc2VoltageCurrentValue is what it is',
  },
  {
    pattern: /storages \/(?:dev\/shm|run)(?:\/\S*)? /,
    why: 'tmpfs: hrStorageFixedDisk is a disk, this lies in memory, which is counted as such',
  },
  {
    pattern: /sensors state .*\.8072\.1\.3\.2\.4\.1\.2\.14\.114\.112\.105\.103\.112\.105\.111/,
    why: 'NET-SNMP-EXTEND-MIB nsExtendOutLine is the free text of a script, which no MIB gives a meaning',
  },
  {
    pattern: /sensors state .*\.3582\.4\.1\.4\.1\.2\.1\.4\.\d+\] 0$/,
    why: 'LSI-MegaRAID-SAS-MIB alarmState: whether the buzzer is enabled, which is a setting',
  },
  {
    pattern: /sensors power .* RX Power .* -0\.000001$/,
    why: 'ENTITY-SENSOR-MIB entPhySensorValue raw -1 in microwatts: light that arrives is not less than none',
  },
  {
    pattern: /sensors state .*\.9\.9\.13\.1\.[2-5]\.1\.[367]\.\d+\] 4$/,
    why: 'CISCO-ENVMON-MIB CiscoEnvMonState shutdown(4): "the environment is the worst, the system should be shutdown immediately"',
  },
  {
    pattern: /^asa\S* sensors state .*\.9\.9\.147\.1\.2\.1\.1\.1\.3\.[67]\] 3$/,
    why: 'CISCO-FIREWALL-MIB cfwHardwareStatusDetail "Failover Off": a firewall by itself has no other unit that could be down',
  },
  {
    pattern: /^vrp\S* sensors state .*\.2011\.5\.25\.183\.1\.21\.1\.5\.\d+\.\d+\] 2$/,
    why: 'HUAWEI-STACK-MIB hwStackPortStatus: the stack ports of a switch by itself are down, and nothing is wrong with that',
  },
  {
    pattern: /^junos\S* identity firmware \d{8}\./,
    why: 'HOST-RESOURCES-MIB hrSWInstalledName "JUNOS OS Kernel": the build of a kernel, where sysDescr has the release',
  },
  {
    pattern: /^dell-os10\S* identity firmware [A-Z]\d+$/,
    why: 'DELLEMC-OS10-CHASSIS-MIB os10ChassisHwRev is the revision of the hardware',
  },
  {
    pattern: /^(?:powerconnect|dnos)\S* memories CPU Memory /,
    why: 'FASTPATH-SWITCHING-MIB agentSwitchCpuProcessMemAvailable, UNITS "KBytes"',
  },
  {
    pattern: /sensors state .*\.318\.1\.1\.8\.5\.1\.2\.0\] [12]$/,
    why: 'PowerNet-MIB atsStatusSelectedSource is sourceA(1) or sourceB(2): either is known, and neither is trouble',
  },
  {
    pattern: /sensors state .*\.3808\.1\.1\.1\.3\.2\.5\.0\] [234]$/,
    why: 'CPS-MIB upsAdvanceInputLineFailCause is of the last transfer, which may be long ago; upsAdvanceInputStatus is of now',
  },
  {
    pattern: /identity model (?:(?:Switched|Metered) Rack PDU|MasterSwitch PDU|Environmental Manager)$/,
    why: 'PowerNet-MIB: sysDescr of a management card ends with the model number, MN:',
  },
];

/** Why an expectation is not ours; null when it is. */
export function differenceOf(text: string): Difference | null {
  return differences.find(({ pattern }) => pattern.test(text)) ?? null;
}
