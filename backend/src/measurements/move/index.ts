export { usersOf } from './in-use.ts';
export { type Move, move, type Progress } from './move.ts';
export { assertThere, type Logins, nameOf, placeForms, placeOf } from './place.ts';
export { MoveState } from './plan.ts';
export { type Verified, verify } from './verify.ts';
