interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a card of `size` stands beside `rect`: below it if there is room, else above, and never outside the window. */
export function besides(
  rect: { readonly left: number; readonly top: number; readonly bottom: number; readonly width: number },
  size: Size,
  window: Size,
): { x: number; y: number } {
  const margin = 8;
  const centred = rect.left + rect.width / 2 - size.width / 2;
  const x = Math.max(margin, Math.min(centred, window.width - size.width - margin));
  const below = rect.bottom + margin;
  const above = rect.top - margin - size.height;
  const y = below + size.height + margin <= window.height || above < margin ? below : above;
  return { x, y: Math.max(margin, Math.min(y, window.height - size.height - margin)) };
}
