import { building, type DrawnFloor, type DrawnRoom, type Metres } from './layout.ts';

/** Units of the picture in one metre, and the white around the building. */
export const unitsPerMetre = 50;
const margin = 1.5;

export const pictureSize = {
  width: (building.width + 2 * margin) * unitsPerMetre,
  height: (building.height + 2 * margin) * unitsPerMetre,
} as const;

/** From metres in the building to units of the picture. */
export function toUnits([x, y]: Metres): [number, number] {
  const units = (value: number) => Math.round((value + margin) * unitsPerMetre * 100) / 100;
  return [units(x), units(y)];
}

/** A floor as an SVG: walls in plan cut, doors with their swing, windows, stairs. */
export function drawFloor(floor: DrawnFloor): string {
  const [left, top] = toUnits([0, 0]);
  const [right, bottom] = toUnits([building.width, building.height]);
  const rooms = floor.rooms.map((room) => polygon(room.corners)).join('');
  const [corridorLeft, corridorTop] = toUnits([0.36, 6.74]);
  const [corridorRight, corridorBottom] = toUnits([building.width - 0.36, 8.86]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureSize.width} ${pictureSize.height}" width="${pictureSize.width}" height="${pictureSize.height}">
<title>${floor.title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="#555b60"/>
<rect x="${corridorLeft}" y="${corridorTop}" width="${corridorRight - corridorLeft}" height="${corridorBottom - corridorTop}" fill="#f6f6f4"/>
<g fill="#ffffff">${rooms}</g>
<g stroke="#8a9298" stroke-width="2" fill="none">${floor.rooms.map(door).join('')}</g>
<g stroke="#8a9298" stroke-width="2" fill="#ffffff">${floor.rooms.map(windows).join('')}</g>
<g stroke="#b4babe" stroke-width="2">${floor.rooms.map(stairs).join('')}</g>
<g font-family="sans-serif" font-size="20" fill="#8a9298" text-anchor="middle">${floor.rooms.map(architectsName).join('')}</g>
</svg>
`;
}

function polygon(corners: readonly Metres[]): string {
  return `<polygon points="${corners.map((corner) => toUnits(corner).join()).join(' ')}"/>`;
}

/** An opening of 90 cm and the quarter circle of the leaf. */
function door({ door: at, innerY, outerY }: DrawnRoom): string {
  const into = Math.sign(outerY - innerY) * 0.9;
  const [x, y] = toUnits(at);
  const [endX] = toUnits([at[0] + 0.9, at[1]]);
  const [, leafY] = toUnits([at[0], at[1] + into]);
  const gapY = Math.min(y, y - Math.sign(into) * 7);
  const sweep = into > 0 ? 0 : 1;
  return `<rect x="${x}" y="${gapY}" width="${endX - x}" height="7" fill="#ffffff" stroke="none"/><path d="M${x} ${y}V${leafY}A45 45 0 0 ${1 - sweep} ${endX} ${y}"/>`;
}

function windows({ corners, outerY, name }: DrawnRoom): string {
  if (name === 'Treppe') return '';
  const xs = corners.map(([x]) => x);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  const count = Math.max(1, Math.floor((to - from) / 2.2));
  const each = (to - from) / count;
  const wallY = outerY < building.height / 2 ? 0.06 : building.height - 0.3;
  return Array.from({ length: count }, (_, index) => {
    const [x, y] = toUnits([from + each * index + (each - 1.3) / 2, wallY]);
    return `<rect x="${x}" y="${y}" width="65" height="12"/>`;
  }).join('');
}

function stairs({ name, corners, innerY }: DrawnRoom): string {
  if (name !== 'Treppe') return '';
  const xs = corners.map(([x]) => x);
  return Array.from({ length: 14 }, (_, step) => {
    const y = innerY + 1.4 + step * 0.3;
    const [x1, height] = toUnits([Math.min(...xs), y]);
    const [x2] = toUnits([Math.max(...xs), y]);
    return `<path d="M${x1} ${height}H${x2}"/>`;
  }).join('');
}

/** Rooms that the inventory does not know have their name in the drawing; all others get it from the inventory. */
function architectsName({ documented, name, corners }: DrawnRoom): string {
  if (documented || name === 'Treppe') return '';
  const [a, , c] = corners;
  if (a === undefined || c === undefined) return '';
  const [x, y] = toUnits([(a[0] + c[0]) / 2, (a[1] + c[1]) / 2]);
  return `<text x="${x}" y="${y}">${name}</text>`;
}
