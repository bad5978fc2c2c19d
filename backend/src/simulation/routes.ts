import { Fault, NewFault, SimulatorPorts, SimulatorState } from '@rackhaus/config/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import type { Simulator } from './simulator.ts';

/** The simulator panel's requests, for the demo: handed on to the simulator. */
export function simulatorRoutes(deps: { simulator: Simulator }): Route[] {
  const { simulator } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/simulator',
      summary: 'Demo: what faults there are and which can be made.',
      reply: SimulatorState,
      handle: () => simulator.ask('GET', '/state', SimulatorState),
    }),
    defineRoute({
      method: 'get',
      path: '/api/simulator/ports',
      summary: 'Demo: where cables can be plugged in, and where they hang at present.',
      reply: SimulatorPorts,
      handle: () => simulator.ask('GET', '/ports', SimulatorPorts),
    }),
    defineRoute({
      method: 'post',
      path: '/api/simulator/faults',
      summary: 'Demo: makes a fault.',
      body: NewFault,
      reply: Fault,
      handle: ({ body }) => simulator.ask('POST', '/faults', Fault, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/simulator/faults/:id',
      summary: 'Demo: undoes a fault.',
      params: z.strictObject({ id: z.coerce.number().int().positive() }),
      handle: ({ params }) => simulator.ask('DELETE', `/faults/${params.id}`, z.undefined()),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/simulator/faults',
      summary: 'Demo: undoes all faults.',
      handle: () => simulator.ask('DELETE', '/faults', z.undefined()),
    }),
  ];
}
