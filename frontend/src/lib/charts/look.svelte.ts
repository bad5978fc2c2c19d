import { createSubscriber } from 'svelte/reactivity';
import type { ChartLook } from './canvas.ts';

/** The page's colours and letters for canvases. Reading `current` in an effect follows dark and light. */
export class PageLook {
  #subscribe: () => void;
  #look: ChartLook | null = null;

  constructor() {
    this.#subscribe = createSubscriber((update) => {
      const changed = () => {
        this.#look = null;
        update();
      };
      const dark = matchMedia('(prefers-color-scheme: dark)');
      const theme = new MutationObserver(changed);
      dark.addEventListener('change', changed);
      window.addEventListener('resize', changed);
      theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
      return () => {
        dark.removeEventListener('change', changed);
        window.removeEventListener('resize', changed);
        theme.disconnect();
      };
    });
  }

  get current(): ChartLook {
    this.#subscribe();
    this.#look ??= readLook();
    return this.#look;
  }
}

function readLook(): ChartLook {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token('--ink'),
    muted: token('--muted'),
    line: token('--line'),
    panel: token('--panel'),
    warning: token('--warning'),
    critical: token('--critical'),
    series: [1, 2, 3, 4, 5, 6].map((number) => token(`--series-${number}`)),
    font: getComputedStyle(document.body).fontFamily,
    fontPx: Math.round(Number.parseFloat(style.fontSize) * 0.75),
  };
}
