/** Programs for which there is a ready-made configuration. */
export const programs = ['telegraf', 'proxmox', 'script'] as const;
export type Program = (typeof programs)[number];

/** What is to be put in at the program so that it writes here. `origin`: this server's address, without a path. */
export function configuration(program: Program, origin: string, token: string): string {
  switch (program) {
    case 'telegraf':
      return telegraf(origin, token);
    case 'proxmox':
      return proxmox(new URL(origin), token);
    case 'script':
      return `curl -i '${origin}/api/v2/write?precision=s' \\
  -H 'Authorization: Token ${token}' \\
  --data-binary 'mem,host=server-1 used_percent=42.5'`;
  }
}

function telegraf(origin: string, token: string): string {
  return `[[outputs.influxdb_v2]]
  urls = ["${origin}"]
  token = "${token}"
  organization = "rackhaus"
  bucket = "rackhaus"

[[inputs.cpu]]
  percpu = false
  totalcpu = true
[[inputs.mem]]
[[inputs.system]]
[[inputs.disk]]
  ignore_fs = ["tmpfs", "devtmpfs", "devfs", "iso9660", "overlay", "squashfs"]
[[inputs.net]]
`;
}

function proxmox(url: URL, token: string): string {
  const https = url.protocol === 'https:';
  const port = url.port === '' ? (https ? '443' : '80') : url.port;
  return `pvesh create /cluster/metrics/server/rackhaus --type influxdb \\
  --server ${url.hostname} --port ${port} --influxdbproto ${https ? 'https' : 'http'} \\
  --organization rackhaus --bucket rackhaus \\
  --token ${token}`;
}
