/** Times are milliseconds since 1970. */
export interface SyslogTables {
  /** One row: how long messages of devices are kept. No row: as it comes. */
  syslog_settings: { id: number; days: number; megabytes: number };
  /** Severe messages that somebody may still have to be told of. `reported_at`: null as long as it is waited whether polling finds the fault. */
  syslog_severe: {
    device_id: number;
    text: string;
    since: number;
    last: number;
    due: number;
    reported_at: number | null;
  };
}
