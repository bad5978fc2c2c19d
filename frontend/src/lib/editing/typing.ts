/** Whether keys that are pressed there are text. */
export function typing(target: Element): boolean {
  return target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]');
}
