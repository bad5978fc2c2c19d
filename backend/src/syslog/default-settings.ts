import type { SyslogSettings } from '@rackhaus/config/contract';

/** How long messages are kept where nobody has said otherwise. */
export const defaultSettings: SyslogSettings = { days: 30, megabytes: 5000 };
