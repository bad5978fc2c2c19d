import { m } from '../paraglide/messages.js';

/** Why a NetBox could not be read, in the reader's language; undefined for reasons that are of something else. */
export function netboxFailure(reason: string, message: string): string | undefined {
  switch (reason) {
    case 'netbox-url':
      return m.netbox_failed_url();
    case 'netbox-not-allowed':
      return m.netbox_failed_other({ message });
    case 'netbox-unreachable':
      return m.netbox_failed_unreachable();
    case 'netbox-refused':
      return m.netbox_failed_refused();
    case 'netbox-redirect':
      return m.netbox_failed_redirect();
    case 'netbox-not-json':
      return m.netbox_failed_not_json();
    case 'netbox-shape':
      return m.netbox_failed_shape({ message });
    case 'netbox-failed':
      return m.netbox_failed_other({ message });
    default:
      return undefined;
  }
}
