import type { LaneMap } from '@rackhaus/config/contract';
import { breakout, crossed, straight } from './lane-maps.ts';
import type { Cabling } from './testing.ts';

/** The same cable, entered from its other end. */
function reversed(map: LaneMap): LaneMap {
  return { a: map.b, b: map.a, pairs: map.pairs.map(([ca, la, cb, lb]) => [cb, lb, ca, la]) };
}

const trunk = 'E1 E2 E3 E4 R1*4 R2*4 F1~R1:1 F2~R1:2 F3~R2:1 F4~R2:2';

export interface Scenario extends Cabling {
  readonly name: string;
  /** From a port, or a cable, what the trace is. */
  readonly runs: Readonly<Record<string, string>>;
  /** From a port, which circuit ends where. */
  readonly circuits?: Readonly<Record<string, string>>;
}

/** What cabling leads to what trace. The numbers are those that people who build such software know the cases by. */
export const scenarios: readonly Scenario[] = [
  {
    name: '1: a direct link',
    ports: 'E1 E2',
    cables: 'C1=E1-E2',
    runs: { E1: 'E1 C1 E2 (complete)', E2: 'E2 C1 E1 (complete)' },
  },
  { name: '1: after deleting it', ports: 'E1 E2', cables: '', runs: { E1: 'E1 (open)', E2: 'E2 (open)' } },
  {
    name: '4: one panel, first cord only',
    ports: 'E1 E2 R1 F1~R1',
    cables: 'C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 (open)', E2: 'E2 (open)' },
  },
  {
    name: '4: one panel, both cords',
    ports: 'E1 E2 R1 F1~R1',
    cables: 'C2=R1-E2 C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 C2 E2 (complete)', E2: 'E2 C2 R1 F1 C1 E1 (complete)' },
  },
  {
    name: '4: the same through a jack, one port with two sides',
    ports: 'E1 E2 J1',
    cables: 'C1=E1-J1 C2=J1-E2',
    runs: { E1: 'E1 C1 J1 C2 E2 (complete)', E2: 'E2 C2 J1 C1 E1 (complete)' },
  },
  {
    name: '5: two circuits share a trunk',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2 C4=F3-E3 C5=F4-E4',
    runs: {
      E1: 'E1 C1 F1 R1 C3 R2 F3 C4 E3 (complete)',
      E2: 'E2 C2 F2 R1 C3 R2 F4 C5 E4 (complete)',
      E3: 'E3 C4 F3 R2 C3 R1 F1 C1 E1 (complete)',
      E4: 'E4 C5 F4 R2 C3 R1 F2 C2 E2 (complete)',
    },
  },
  {
    name: '5: before the far cords exist',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2',
    runs: { E1: 'E1 C1 F1 R1 C3 R2 F3 (open)', E2: 'E2 C2 F2 R1 C3 R2 F4 (open)', E3: 'E3 (open)' },
  },
  {
    name: '5: without the trunk',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C4=F3-E3 C5=F4-E4',
    runs: { E1: 'E1 C1 F1 R1 (open)', E4: 'E4 C5 F4 R2 (open)' },
  },
  {
    name: '6: the trunk runs through single-lane panels, and the lane is remembered',
    ports: `${trunk} R5 F5~R5 R6 F6~R6`,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-F5 C6=R5-R6 C7=F6-R2 C4=F3-E3 C5=F4-E4',
    runs: {
      E1: 'E1 C1 F1 R1 C3 F5 R5 C6 R6 F6 C7 R2 F3 C4 E3 (complete)',
      E4: 'E4 C5 F4 R2 C7 F6 R6 C6 R5 F5 C3 R1 F2 C2 E2 (complete)',
    },
  },
  {
    name: '7: two trunks in series',
    ports: 'E1 E2 E3 E4 RA*2 RB*2 RC*2 RD*2 A1~RA:1 A2~RA:2 B1~RB:1 B2~RB:2 C1~RC:1 C2~RC:2 D1~RD:1 D2~RD:2',
    cables: 'K1=E1-A1 K2=E2-A2 T1=RA-RB K3=B1-C2 K4=B2-C1 T2=RC-RD K5=D1-E3 K6=D2-E4',
    runs: {
      E1: 'E1 K1 A1 RA T1 RB B1 K3 C2 RC T2 RD D2 K6 E4 (complete)',
      E3: 'E3 K5 D1 RD T2 RC C1 K4 B2 RB T1 RA A2 K2 E2 (complete)',
    },
  },
  {
    name: '8: plugged into a rear port of several lanes',
    ports: 'E1 E2 E3 R1*2 F1~R1:1 F2~R1:2',
    cables: 'C1=E1-R1 C2=F1-E2 C3=F2-E3',
    runs: {
      E1: 'E1 C1 R1 (split)',
      E2: 'E2 C2 F1 R1 C1 E1 (complete)',
      E3: 'E3 C3 F2 R1 C1 E1 (complete)',
    },
  },
  {
    name: '8: after deleting the first cable',
    ports: 'E1 E2 E3 R1*2 F1~R1:1 F2~R1:2',
    cables: 'C2=F1-E2 C3=F2-E3',
    runs: { E1: 'E1 (open)', E2: 'E2 C2 F1 R1 (open)', E3: 'E3 C3 F2 R1 (open)' },
  },
  {
    name: '9: nothing behind the rear port',
    ports: 'E1 R1 F1~R1 R2',
    cables: 'C1=E1-F1 C2=R1-R2',
    runs: { E1: 'E1 C1 F1 R1 C2 R2 (open)' },
  },
  {
    name: '15: attached to existing plant, one end',
    ports: 'E1 E2 R1 F1~R1 R2 F2~R2',
    cables: 'C2=R1-R2 C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 C2 R2 F2 (open)' },
  },
  {
    name: '15: attached to existing plant, both ends',
    ports: 'E1 E2 R1 F1~R1 R2 F2~R2',
    cables: 'C2=R1-R2 C1=E1-F1 C3=E2-F2',
    runs: {
      E1: 'E1 C1 F1 R1 C2 R2 F2 C3 E2 (complete)',
      E2: 'E2 C3 F2 R2 C2 R1 F1 C1 E1 (complete)',
      // Begun in the middle: the whole run.
      R1: 'E1 C1 F1 R1 C2 R2 F2 C3 E2 (complete)',
    },
  },
  {
    name: 'N1: a passive run without any device',
    ports: 'R1 F1~R1 R2 F2~R2',
    cables: 'C1=R1-R2',
    runs: { F1: 'F1 R1 C1 R2 F2 (open)', R1: 'F1 R1 C1 R2 F2 (open)', F2: 'F2 R2 C1 R1 F1 (open)' },
  },
  {
    name: 'N1: panel to outlet, jacks with two sides',
    ports: 'E1 J1 J2',
    cables: 'C1=J1-J2 C2=E1-J1',
    runs: { J2: 'J2 C1 J1 C2 E1 (open)', E1: 'E1 C2 J1 C1 J2 (open)', J1: 'E1 C2 J1 C1 J2 (open)' },
  },
  {
    name: 'N1: a trunk with lanes, looked at from the trunk',
    ports: 'R1*4 R2*4 F1~R1:1 F2~R1:2 F3~R2:1',
    cables: 'C1=R1-R2',
    runs: { R1: '{F1,F2} R1 C1 R2 F3 (open)', F1: 'F1 R1 C1 R2 F3 (open)', F2: 'F2 R1 C1 R2 (open)' },
  },
  {
    name: 'N3: a circle',
    ports: 'R1 F1~R1 R2 F2~R2 E1',
    cables: 'C1=R1-R2 C2=F2-F1',
    runs: { F1: 'F1 C2 F2 R2 C1 R1 F1 (loop)' },
  },
  {
    name: 'N3: a circle of jacks',
    ports: 'J1 J2 J3',
    cables: 'C1=J1-J2 C2=J2^-J3 C3=J3^-J1^',
    runs: { J1: 'J1 C1 J2 C2 J3 C3 J1 (loop)' },
  },
  {
    name: '2: typed links are links',
    ports: 'E1 E2',
    cables: 'C1=E2-E1',
    runs: { E1: 'E1 C1 E2 (complete)', C1: 'E2 C1 E1 (complete)' },
  },
  {
    name: '3: one cable, several ports on a side',
    ports: 'E1 E2 E3',
    cables: 'C1=E1-{E2,E3}',
    runs: {
      E1: 'E1 C1 {E2,E3} (complete)',
      E2: '{E2,E3} C1 E1 (complete)',
      E3: '{E3,E2} C1 E1 (complete)',
    },
  },
  {
    name: '3: several on both sides act together',
    ports: 'E1 E2 E3 E4',
    cables: 'C1={E1,E2}-{E3,E4}',
    runs: { E1: '{E1,E2} C1 {E3,E4} (complete)', E4: '{E4,E3} C1 {E1,E2} (complete)' },
  },
  {
    name: '4: with several ports at both ends',
    ports: 'E1 E2 E3 E4 R1 F1~R1',
    cables: 'C1={E1,E2}-F1 C2=R1-{E3,E4}',
    runs: {
      E1: '{E1,E2} C1 F1 R1 C2 {E3,E4} (complete)',
      E3: '{E3,E4} C2 R1 F1 C1 {E1,E2} (complete)',
    },
  },
  {
    name: '6: single-lane panels on one side of the trunk only',
    ports: `${trunk} R5 F5~R5`,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-F5 C6=R5-R2 C4=F3-E3 C5=F4-E4',
    runs: {
      E1: 'E1 C1 F1 R1 C3 F5 R5 C6 R2 F3 C4 E3 (complete)',
      E3: 'E3 C4 F3 R2 C6 R5 F5 C3 R1 F1 C1 E1 (complete)',
    },
  },
  {
    name: '7: one of two patches is gone',
    ports: 'E1 E2 E3 E4 RA*2 RB*2 RC*2 RD*2 A1~RA:1 A2~RA:2 B1~RB:1 B2~RB:2 C1~RC:1 C2~RC:2 D1~RD:1 D2~RD:2',
    cables: 'K1=E1-A1 K2=E2-A2 T1=RA-RB K3=B1-C1 T2=RC-RD K5=D1-E3 K6=D2-E4',
    runs: {
      E1: 'E1 K1 A1 RA T1 RB B1 K3 C1 RC T2 RD D1 K5 E3 (complete)',
      E2: 'E2 K2 A2 RA T1 RB B2 (open)',
      E4: 'E4 K6 D2 RD T2 RC C2 (open)',
    },
  },
  {
    name: '11: duplex pairs inside a trunk',
    ports: 'E1 E2 E3 E4 R1*4 R2*4 F1~R1:1 F2~R1:2 F3~R1:3 F4~R1:4 F5~R2:1 F6~R2:2 F7~R2:3 F8~R2:4',
    cables: 'C1=E1-{F1,F2} C2=E2-{F3,F4} C3=R1-R2 C4={F5,F6}-E3 C5={F7,F8}-E4',
    runs: {
      E1: 'E1 C1 {F1,F2} R1 C3 R2 {F5,F6} C4 E3 (complete)',
      E2: 'E2 C2 {F3,F4} R1 C3 R2 {F7,F8} C5 E4 (complete)',
      E3: 'E3 C4 {F5,F6} R2 C3 R1 {F1,F2} C1 E1 (complete)',
      E4: 'E4 C5 {F7,F8} R2 C3 R1 {F3,F4} C2 E2 (complete)',
    },
  },
  {
    name: '12: duplex over two parallel cables, one end',
    ports: 'E1 E2 R1 R2 R3 R4 F1~R1 F2~R2 F3~R3 F4~R4',
    cables: 'C2=R1-R2 C4=R3-R4 C1=E1-{F1,F3}',
    runs: { E1: 'E1 C1 {F1,F3} {R1,R3} {C2,C4} {R2,R4} {F2,F4} (open)' },
  },
  {
    name: '12: both ends',
    ports: 'E1 E2 R1 R2 R3 R4 F1~R1 F2~R2 F3~R3 F4~R4',
    cables: 'C2=R1-R2 C4=R3-R4 C1=E1-{F1,F3} C3={F2,F4}-E2',
    runs: {
      E1: 'E1 C1 {F1,F3} {R1,R3} {C2,C4} {R2,R4} {F2,F4} C3 E2 (complete)',
      E2: 'E2 C3 {F2,F4} {R2,R4} {C2,C4} {R1,R3} {F1,F3} C1 E1 (complete)',
    },
  },
  {
    name: '16: a planned cable',
    ports: 'E1 E2 R1 F1~R1',
    cables: 'C1=E1-F1 (C2)=R1-E2',
    runs: {
      E1: 'E1 C1 F1 R1 C2 E2 (complete, planned)',
      E2: 'E2 C2 R1 F1 C1 E1 (complete, planned)',
    },
  },
  {
    name: '20: straight, two connectors',
    ports: 'E1 E2 E3 E4',
    cables: 'C1={E1,E2}-{E3,E4}',
    maps: { C1: straight(2, 1) },
    runs: {
      E1: 'E1 C1 E3 (complete)',
      E2: 'E2 C1 E4 (complete)',
      E3: 'E3 C1 E1 (complete)',
      E4: 'E4 C1 E2 (complete)',
    },
  },
  {
    name: '21: two connectors of two lanes between four rear ports',
    ports:
      'E1 E2 E3 E4 E5 E6 E7 E8 R1*2 R2*2 R3*2 R4*2 F1~R1:1 F2~R1:2 F3~R2:1 F4~R2:2 F5~R3:1 F6~R3:2 F7~R4:1 F8~R4:2',
    cables: 'T={R1,R2}-{R3,R4} K1=E1-F1 K2=E2-F2 K3=E3-F3 K4=E4-F4 K5=E5-F5 K6=E6-F6 K7=E7-F7 K8=E8-F8',
    maps: { T: straight(2, 2) },
    runs: {
      E1: 'E1 K1 F1 R1 T R3 F5 K5 E5 (complete)',
      E2: 'E2 K2 F2 R1 T R3 F6 K6 E6 (complete)',
      E3: 'E3 K3 F3 R2 T R4 F7 K7 E7 (complete)',
      E4: 'E4 K4 F4 R2 T R4 F8 K8 E8 (complete)',
      E8: 'E8 K8 F8 R4 T R2 F4 K4 E4 (complete)',
    },
  },
  {
    name: '24a: a duplex circuit through trunks and single splices',
    ports: 'E1*2 E2*2 R1*2 F1*2~R1:1 R2*2 F2*2~R2:1 JS1 JS2',
    cables: 'C1=E1-F1 T1=R1-{JS1,JS2} T2={JS1,JS2}-R2 C2=F2-E2',
    maps: { C1: straight(1, 2), C2: straight(1, 2), T1: breakout(2), T2: reversed(breakout(2)) },
    runs: {
      E1: 'E1 C1 F1 R1 T1 {JS1,JS2} T2 R2 F2 C2 E2 (complete)',
      E2: 'E2 C2 F2 R2 T2 {JS1,JS2} T1 R1 F1 C1 E1 (complete)',
    },
  },
  {
    name: '24b: the same, begun without a lane map on two front ports',
    ports: 'E1 E2 R1*2 F1~R1:1 F2~R1:2 R2*2 F3~R2:1 F4~R2:2 JS1 JS2',
    cables: 'C1=E1-{F1,F2} T1=R1-{JS1,JS2} T2={JS1,JS2}-R2 C2={F3,F4}-E2',
    maps: { T1: breakout(2), T2: reversed(breakout(2)) },
    runs: {
      E1: 'E1 C1 {F1,F2} R1 T1 {JS1,JS2} T2 R2 {F3,F4} C2 E2 (complete)',
      E2: 'E2 C2 {F3,F4} R2 T2 {JS1,JS2} T1 R1 {F1,F2} C1 E1 (complete)',
    },
  },
  {
    name: '24c: four lanes on two rear ports, wired one by one',
    ports: 'E1*4 E2*4 R1*2 R2*2 R3*2 R4*2 F1*4 F2*4',
    wires: 'F1:1~R1:1 F1:2~R1:2 F1:3~R2:1 F1:4~R2:2 F2:1~R3:1 F2:2~R3:2 F2:3~R4:1 F2:4~R4:2',
    cables: 'C1=E1-F1 T={R1,R2}-{R3,R4} C2=F2-E2',
    maps: { C1: straight(1, 4), T: straight(2, 2), C2: straight(1, 4) },
    runs: {
      E1: 'E1 C1 F1 {R1,R2} T {R3,R4} F2 C2 E2 (complete)',
      E2: 'E2 C2 F2 {R3,R4} T {R1,R2} F1 C1 E1 (complete)',
    },
  },
  {
    name: 'a breakout: one port to four',
    ports: 'E1*4 E2 E3 E4 E5',
    cables: 'C1=E1-{E2,E3,E4,E5}',
    maps: { C1: breakout(4) },
    runs: {
      E1: 'E1 C1 {E2,E3,E4,E5} (complete)',
      E2: 'E2 C1 E1 (complete)',
      E5: 'E5 C1 E1 (complete)',
    },
    circuits: { E1: '0>E2 1>E3 2>E4 3>E5' },
  },
  {
    name: 'a breakout of which one leg is not plugged in',
    ports: 'E1*4 E2 E3 E5',
    cables: 'C1=E1-{E2,E3,?,E5}',
    maps: { C1: breakout(4) },
    runs: { E1: 'E1 C1 {E2,E3,?,E5} (open)', E5: 'E5 C1 E1 (complete)' },
  },
  {
    name: 'a breakout through a panel: lanes stay apart',
    ports: 'E1*4 E2 E3 E4 E5 R1*4 F1*4~R1:1 R2*4 F2~R2:1 F3~R2:2 F4~R2:3 F5~R2:4',
    cables: 'C1=E1-F1 T=R1-R2 K2=F2-E2 K3=F3-E3 K5=F5-E5',
    maps: { C1: straight(1, 4) },
    runs: {
      E1: 'E1 C1 F1 R1 T R2 {F2,F3,F4,F5} {K2,K3,K5} {E2,E3,E5} (open)',
      E3: 'E3 K3 F3 R2 T R1 F1 C1 E1 (complete)',
    },
    circuits: { E1: '0>E2 1>E3 2>F4 3>E5' },
  },
  {
    name: 'a crossed trunk',
    ports: `${trunk}`.replaceAll('*4', '*2'),
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2 C4=F3-E3 C5=F4-E4',
    maps: { C3: crossed(1, 2) },
    runs: {
      E1: 'E1 C1 F1 R1 C3 R2 F4 C5 E4 (complete)',
      E2: 'E2 C2 F2 R1 C3 R2 F3 C4 E3 (complete)',
      E3: 'E3 C4 F3 R2 C3 R1 F2 C2 E2 (complete)',
    },
  },
  {
    name: 'a shuffle: lanes change connectors',
    ports: 'E1 E2 E3 E4 R1*2 R2*2 R3*2 R4*2 F1~R1:1 F2~R1:2 F3~R2:1 F4~R2:2 F5~R3:1 F6~R3:2 F7~R4:1 F8~R4:2',
    cables: 'T={R1,R2}-{R3,R4} K1=E1-F1 K2=E2-F2 K3=E3-F5 K4=E4-F7',
    maps: {
      T: {
        a: [2, 2],
        b: [2, 2],
        pairs: [
          [1, 1, 1, 1],
          [1, 2, 2, 1],
          [2, 1, 1, 2],
          [2, 2, 2, 2],
        ],
      },
    },
    runs: {
      E1: 'E1 K1 F1 R1 T R3 F5 K3 E3 (complete)',
      E2: 'E2 K2 F2 R1 T R4 F7 K4 E4 (complete)',
      E4: 'E4 K4 F7 R4 T R1 F2 K2 E2 (complete)',
    },
  },
  {
    name: 'a half-populated trunk',
    ports: 'E1 E2 R1*4 R2*2 F1~R1:1 F4~R1:4 F5~R2:1',
    cables: 'C1=E1-F1 C2=E2-F4 T=R1-R2',
    maps: {
      T: {
        a: [4],
        b: [2],
        pairs: [
          [1, 1, 1, 1],
          [1, 2, 1, 2],
        ],
      },
    },
    runs: { E1: 'E1 C1 F1 R1 T R2 F5 (open)', E2: 'E2 C2 F4 R1 (open)' },
  },
  {
    name: 'a provider line that leaves what is documented',
    ports: 'E1 R1 F1~R1',
    cables: 'C1=E1-F1 <L>=R1-?',
    runs: { E1: 'E1 C1 F1 R1 L ? (complete)', L: 'E1 C1 F1 R1 L ? (complete)' },
  },
  {
    name: 'a cable that hangs open',
    ports: 'E1 J1',
    cables: 'C1=E1-?',
    runs: { E1: 'E1 C1 ? (open)', C1: 'E1 C1 ? (open)', J1: 'J1 (open)' },
  },
  {
    name: 'edited inner wiring',
    ports: 'E1 E2 E3 R1*2 F1 F2',
    wires: 'F1:1~R1:2 F2:1~R1:1',
    cables: 'C1=E1-F1 C2=E2-F2 T=R1-{E3,?}',
    maps: { T: breakout(2) },
    runs: { E2: 'E2 C2 F2 R1 T E3 (complete)', E1: 'E1 C1 F1 R1 T ? (open)' },
  },
];
