import { getLocale } from '../paraglide/runtime.js';
import { Quantities } from './quantity.ts';

/** Quantities in the language that this page was opened in; changing the language opens the page anew. */
export const quantities: Quantities = new Quantities(getLocale() === 'de' ? 'de-DE' : 'en-GB');
export { stateWord } from './state.ts';
