import { expect, it } from 'vitest';
import { svgSize } from './picture.ts';

it.each([
  ['<svg viewBox="0 0 1200 800"></svg>', { width: 1200, height: 800 }],
  [
    "<?xml version='1.0'?><!-- <svg width='1' height='1'> --><svg width='10cm' height='5cm'/>",
    { width: 9600 / 25.4, height: 4800 / 25.4 },
  ],
  [
    '<svg\n  xmlns="http://www.w3.org/2000/svg"\n  data-a="b > c" viewBox="0,0,30,40">',
    { width: 30, height: 40 },
  ],
  ['<svg width="100%" height="50%">', null],
  ['<svg>', null],
  ['<svgx viewBox="0 0 1 1">', null],
  ['<svg viewBox="0 0 0 5">', null],
])('the size of %s', (text, size) => expect(svgSize(text)).toEqual(size));
