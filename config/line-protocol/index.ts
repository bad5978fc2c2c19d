export { LineProtocolError } from './error.ts';
export { lineLimits } from './limits.ts';
export { type LineOptions, type Point, parsePoints, type ReadPoints, readPoints } from './points.ts';
export { LineScanner, type Precision, precisions } from './scanner.ts';
export { readSeriesKey, type SeriesKey } from './series-key.ts';
