/**
 * Lets time go faster in the process that loads this first (`--import`) and in its threads: `FAST_CLOCK` is when it begins, ms
 * since 1970, and how many times faster it goes: `1780000000000x60`. The monotonic clock stays as it is.
 */
const [begin = 0, times = 1] = (process.env.FAST_CLOCK ?? '').split('x').map(Number);
const now = Date.now.bind(Date);
if (begin > 0) Date.now = () => begin + Math.round((now() - begin) * times);
