import type { Role } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** The word for a role. */
export function roleWord(role: Role): string {
  switch (role) {
    case 'kiosk':
      return m.role_kiosk();
    case 'viewer':
      return m.role_viewer();
    case 'on-call':
      return m.role_on_call();
    case 'technician':
      return m.role_technician();
    case 'administrator':
      return m.role_administrator();
  }
}

/** Whether someone of this role reads what devices say, in which names of people stand. The server decides. */
export function mayReadMessages(role: Role | undefined): boolean {
  return role === 'on-call' || mayEdit(role);
}

/** Whether someone of this role may change the inventory. The server decides; screens ask so as not to offer in vain. */
export function mayEdit(role: Role | undefined): boolean {
  return role === 'technician' || role === 'administrator';
}
