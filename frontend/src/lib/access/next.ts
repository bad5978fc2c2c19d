/** Where to go after signing in: the wanted page if it is one of ours, else the rooms. An address elsewhere is never followed. */
export function safeNext(wanted: string | null): string {
  if (!wanted?.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) return '/rooms';
  return wanted;
}
