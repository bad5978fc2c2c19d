/** The line with which common devices send their messages to an address and port. */
export function exampleLines(
  address: string,
  port: number,
): readonly { readonly name: string; readonly line: string }[] {
  const other = port === 514 ? '' : String(port);
  return [
    {
      name: 'Cisco IOS / IOS-XE',
      line: `logging host ${address}${other && ` transport udp port ${other}`}`,
    },
    { name: 'Aruba, HPE ProCurve', line: `logging ${address}${other && ` udp ${other}`}` },
    {
      name: 'Juniper Junos',
      line: `set system syslog host ${address} any notice${other && ` port ${other}`}`,
    },
    {
      name: 'FortiGate',
      line: `config log syslogd setting; set status enable; set server ${address}${other && `; set port ${other}`}; end`,
    },
    {
      name: 'MikroTik RouterOS',
      line: `/system logging action set remote remote=${address}${other && ` remote-port=${other}`}; /system logging add action=remote topics=info`,
    },
    { name: 'Linux (rsyslog)', line: `*.notice @${address}:${port}` },
  ];
}
