const tokenKey = 'rackhaus-kiosk';
const pathKey = 'rackhaus-kiosk-path';

/**
 * The secret of the kiosk link that this browser was opened with: a screen without a keyboard signs in again by itself when its
 * session has ended. It may read only, and administrators can revoke it.
 */
export function storedToken(storage: Pick<Storage, 'getItem'>): string | null {
  try {
    return storage.getItem(tokenKey);
  } catch {
    // Storage is blocked: the link has to be opened again after the session.
    return null;
  }
}

/** The page that the link opens; `/rooms` stands for all rooms in turn. */
export function storedPath(storage: Pick<Storage, 'getItem'>): string {
  try {
    return storage.getItem(pathKey) ?? '/rooms';
  } catch {
    return '/rooms';
  }
}

export function storeLink(storage: Pick<Storage, 'setItem'>, token: string, path: string): void {
  try {
    storage.setItem(tokenKey, token);
    storage.setItem(pathKey, path);
  } catch {
    // As above: this session works all the same.
  }
}

/** When the link is revoked, or a person signs in here. */
export function forgetLink(storage: Pick<Storage, 'removeItem'>): void {
  try {
    storage.removeItem(tokenKey);
    storage.removeItem(pathKey);
  } catch {
    // Nothing was stored.
  }
}
