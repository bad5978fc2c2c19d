/** The longer side that is looked at: a label held before the lens is large in the picture, and a phone reads this ten times a second. */
const longestLive = 720;
const longestPhoto = 1600;

/** Draws what a camera sees, or a photo, into something that a reader can look at; null while there is nothing to be seen. */
export function pictureOf(
  source: HTMLVideoElement | ImageBitmap,
  canvas: HTMLCanvasElement,
): ImageData | null {
  const live = source instanceof HTMLVideoElement;
  const width = live ? source.videoWidth : source.width;
  const height = live ? source.videoHeight : source.height;
  if (width === 0 || height === 0) return null;
  const scale = Math.min(1, (live ? longestLive : longestPhoto) / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
