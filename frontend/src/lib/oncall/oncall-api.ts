import {
  AgentList,
  AgentPlaces,
  AlertPath,
  AlertSettingsReply,
  CalendarLink,
  ChannelList,
  ChannelTested,
  OnCallNow,
  type RotaPlan,
  ShiftList,
  SilenceReply,
  type SilenceSettings,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Api } from '../api/api.ts';

const Made = z.object({ id: z.int() });

/** Who is on call and how they are reached. All calls throw ApiProblem. */
export class OnCall {
  readonly #api: Api;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  async now(signal?: AbortSignal): Promise<OnCallNow> {
    return this.#api.get('/api/on-call', OnCallNow, signal);
  }
  async shifts(rotaId: number, from: number, until: number, signal?: AbortSignal): Promise<ShiftList> {
    return this.#api.get(`/api/rotas/${rotaId}/shifts?from=${from}&until=${until}`, ShiftList, signal);
  }
  /** What a plan that is not saved would mean. */
  async preview(plan: RotaPlan, from: number, until: number): Promise<ShiftList> {
    return this.#api.send('POST', '/api/rotas/preview', { plan, from, until }, ShiftList);
  }
  async calendarLink(rotaId: number): Promise<string> {
    return (await this.#api.send('POST', `/api/rotas/${rotaId}/calendar-link`, {}, CalendarLink)).url;
  }

  async channels(signal?: AbortSignal): Promise<ChannelList['channels']> {
    return (await this.#api.get('/api/channels', ChannelList, signal)).channels;
  }
  async addChannel(channel: unknown): Promise<number> {
    return (await this.#api.send('POST', '/api/channels', channel, Made)).id;
  }
  async changeChannel(id: number, change: unknown): Promise<void> {
    await this.#api.order('PATCH', `/api/channels/${id}`, change);
  }
  async removeChannel(id: number): Promise<void> {
    await this.#api.order('DELETE', `/api/channels/${id}`);
  }
  async testChannel(id: number): Promise<z.output<typeof ChannelTested>> {
    return this.#api.send('POST', `/api/channels/${id}/test`, {}, ChannelTested);
  }

  async settings(signal?: AbortSignal): Promise<AlertSettingsReply> {
    return this.#api.get('/api/alert-settings', AlertSettingsReply, signal);
  }
  async setSettings(change: unknown): Promise<void> {
    await this.#api.order('PUT', '/api/alert-settings', change);
  }

  /** What agents do when this server is silent, and of which agents that may be asked. */
  async silence(signal?: AbortSignal): Promise<{
    reply: SilenceReply;
    agents: z.output<typeof AgentList>['agents'];
    places: z.output<typeof AgentPlaces>['places'];
  }> {
    const [reply, { agents }, { places }] = await Promise.all([
      this.#api.get('/api/silence-alarm', SilenceReply, signal),
      this.#api.get('/api/agents', AgentList, signal),
      this.#api.get('/api/agent-places', AgentPlaces, signal),
    ]);
    return { reply, agents, places };
  }
  async setSilence(settings: SilenceSettings): Promise<void> {
    await this.#api.order('PUT', '/api/silence-alarm', settings);
  }

  async path(signal?: AbortSignal): Promise<AlertPath> {
    return this.#api.get('/api/alert-path', AlertPath, signal);
  }
  async setPlaces(places: z.output<typeof AgentPlaces>): Promise<void> {
    await this.#api.order('PUT', '/api/agent-places', places);
  }
}
