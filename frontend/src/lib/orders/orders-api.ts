import {
  type NewOrder,
  OrderList,
  type OrderPatch,
  OrderReply,
  OrderSettings,
  OrderView,
  type PlannedChange,
} from '@rackhaus/config/contract';
import type { Api } from '../api/api.ts';
import { type ListFilter, queryOf } from './filters.ts';

/** What can be done with an order as a whole. */
export type Deed = 'submit' | 'approve' | 'reject' | 'withdraw' | 'finish' | 'cancel' | 'reverse';

/** Calls of the change orders. All of them throw ApiProblem. */
export class Orders {
  readonly #api: Api;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  list(filter: ListFilter, signal?: AbortSignal): Promise<OrderList> {
    return this.#api.get(`/api/orders?${queryOf(filter)}`, OrderList, signal);
  }
  get(id: number, signal?: AbortSignal): Promise<OrderView> {
    return this.#api.get(`/api/orders/${id}`, OrderView, signal);
  }
  create(order: NewOrder): Promise<OrderReply> {
    return this.#api.send('POST', '/api/orders', order, OrderReply);
  }
  change(id: number, patch: OrderPatch): Promise<OrderReply> {
    return this.#api.send('PATCH', `/api/orders/${id}`, patch, OrderReply);
  }
  remove(id: number): Promise<OrderReply> {
    return this.#api.send('DELETE', `/api/orders/${id}`, undefined, OrderReply);
  }
  add(id: number, changes: readonly PlannedChange[]): Promise<OrderReply> {
    return this.#api.send('POST', `/api/orders/${id}/items`, { changes }, OrderReply);
  }
  takeOut(id: number, itemId: number): Promise<OrderReply> {
    return this.#api.send('DELETE', `/api/orders/${id}/items/${itemId}`, undefined, OrderReply);
  }
  /** @param decision a reason, or what to mind */
  do(id: number, deed: Deed, decision: string | null = null): Promise<OrderReply> {
    return this.#api.send('POST', `/api/orders/${id}/${deed}`, { decision }, OrderReply);
  }
  settings(signal?: AbortSignal): Promise<OrderSettings> {
    return this.#api.get('/api/orders/settings', OrderSettings, signal);
  }
  set(settings: OrderSettings): Promise<OrderSettings> {
    return this.#api.send('PUT', '/api/orders/settings', settings, OrderSettings);
  }
}
