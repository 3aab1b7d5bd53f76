import type { DeadLetters } from '../api/answers/deliveries.ts';
import type { OperatorsOrder, Order, ParkedOrder } from '../api/answers/order.ts';
import type { TimelineEntry } from '../api/answers/timeline.ts';
import { WAITS } from '../saga/steps.ts';
import { ask, get, RefusedError, send, tell } from './api.ts';
import type { Definition } from './definition.ts';
import type { NewFault, PendingFault } from './faults.ts';
import { short } from './format.ts';
import { repeat } from './repeat.ts';
import type { OrderRequest, Paying } from './scenarios.ts';
import type { Product, Worlds } from './worlds.ts';

/** All that the console knows; undefined where it has not heard of it yet, or there is no such route. */
export interface Known {
  readonly definition: Definition | undefined;
  readonly timeScale: number;
  readonly products: readonly Product[];
  readonly paying: Paying;
  readonly orders: readonly Order[] | undefined;
  readonly selected: string | undefined;
  readonly order: OperatorsOrder | undefined;
  /** What its customer has to do, as they are told. */
  readonly nextAction: Order['nextAction'];
  readonly timeline: readonly TimelineEntry[];
  /** Why something is missing in it. */
  readonly timelineNote: string | undefined;
  readonly parked: readonly ParkedOrder[];
  readonly listeners: readonly DeadLetters[];
  readonly faults: readonly PendingFault[];
  readonly worlds: Worlds | undefined;
  readonly underWay: number;
  /** What there is to say, and whether it is bad news. */
  readonly notice: { readonly text: string; readonly bad: boolean } | undefined;
  readonly reachable: boolean;
}

interface DefinitionAnswer {
  readonly timeScale: number;
  readonly machines: readonly { readonly name: string; readonly definition: Definition }[];
}
interface Counts {
  readonly transitions: number;
  readonly events: number;
  readonly underWay: number;
}

const NOBODY: readonly never[] = [];
/** How often the open order is looked at: while it moves, while it waits, when it has ended. */
const ORDER_MS = { hurried: 50, underWay: 400, still: 3_000 };
const SHOP_MS = { hurried: 400, underWay: 800, still: 3_000 };
/** How long the worlds are believed to be as they were, if nothing seems to have happened. */
const WORLDS_MS = 5_000;
/** How long it is looked at often after something was done, or seen to move. */
const HURRY_MS = 1_500;

/** Where the page is narrow the order lies below. */
const bringIntoView = () => {
  const panel = document.getElementById('order');
  if (panel && panel.getBoundingClientRect().top > innerHeight / 2) panel.scrollIntoView();
};

export const consoleStore = () => {
  let known: Known = {
    definition: undefined,
    timeScale: 1,
    products: NOBODY,
    paying: { methods: {}, declined: '' },
    orders: undefined,
    selected: location.hash.slice(1) || undefined,
    order: undefined,
    nextAction: undefined,
    timeline: NOBODY,
    timelineNote: undefined,
    parked: NOBODY,
    listeners: NOBODY,
    faults: NOBODY,
    worlds: undefined,
    underWay: 0,
    notice: undefined,
    reachable: true,
  };
  const watchers = new Set<() => void>();
  let hurriedUntil = 0;

  const learn = (news: Partial<Known>): void => {
    const changed = (Object.keys(news) as (keyof Known)[]).some((key) => known[key] !== news[key]);
    if (!changed) return;
    known = { ...known, ...news };
    for (const watcher of watchers) watcher();
  };
  const hurry = () => {
    hurriedUntil = Date.now() + HURRY_MS;
  };
  const isHurried = () => Date.now() < hurriedUntil;
  const pauseBy = ({ hurried, underWay, still }: typeof ORDER_MS) => {
    if (isHurried()) return hurried;
    return known.underWay > 0 || known.order?.status === 'PENDING' ? underWay : still;
  };

  /** One look; a server that does not answer is a state of things, not an error. */
  const look = (work: () => Promise<Partial<Known>>) => async () => {
    try {
      learn({ ...(await work()), reachable: true });
    } catch (error) {
      learn({ reachable: error instanceof RefusedError });
    }
  };

  const lookAtOrder = look(async () => {
    const { selected } = known;
    if (!selected) return {};
    const path = { orderId: selected };
    const story = await ask('GET /ops/orders/{orderId}/timeline', { path });
    const timeline = story?.entries ?? NOBODY;
    const moved = timeline !== known.timeline;
    // What is looked at must not be slowed down by looking: an order has news where its timeline has.
    const isDue = moved || !isHurried() || known.order?.orderId !== selected;
    const order = isDue ? await ask('GET /ops/orders/{orderId}', { path }) : known.order;
    const awaitsCustomer = WAITS.get(order?.step ?? '')?.by === 'customer';
    // It stays the same until they have done it.
    const nextAction = awaitsCustomer
      ? (known.nextAction ?? (await ask('GET /orders/{orderId}', { path }))?.nextAction)
      : undefined;
    if (selected !== known.selected) return {};
    if (moved || order !== known.order) hurry();
    return { order, nextAction, timeline, timelineNote: story?.sources.note };
  });

  const lookAtDefinition = async (): Promise<Partial<Known>> => {
    if (known.definition) return {};
    const [stack, catalogue] = await Promise.all([
      get<DefinitionAnswer>('/dev/definition'),
      get<{ products: Product[]; paying: Paying }>('/dev/catalogue'),
    ]);
    // The others are parts of the one that has the most states.
    const [machine] = [...(stack?.machines ?? [])].sort(
      (a, b) => Object.keys(b.definition.States).length - Object.keys(a.definition.States).length,
    );
    return {
      definition: machine?.definition,
      timeScale: stack?.timeScale ?? 1,
      products: catalogue?.products ?? NOBODY,
      paying: catalogue?.paying ?? known.paying,
    };
  };

  /** The worlds are a lot to read: only when something has happened, and once in a while. */
  let seen = '';
  let seenAt = 0;
  const lookAtWorlds = async (counts: Counts | undefined): Promise<Partial<Known>> => {
    const now = `${counts?.transitions} ${counts?.events} ${counts?.underWay}`;
    if (now === seen && Date.now() < seenAt + WORLDS_MS) return {};
    const worlds = await get<Worlds>('/dev/worlds');
    seen = now;
    seenAt = Date.now();
    return { worlds };
  };

  const lookAtShop = look(async () => {
    const [first, orders, parked, letters, faults, counts] = await Promise.all([
      lookAtDefinition(),
      ask('GET /orders', { query: { limit: '50' } }),
      ask('GET /ops/orders/parked', { query: { limit: '100' } }),
      ask('GET /ops/dead-letters'),
      get<{ faults: PendingFault[] }>('/dev/faults'),
      get<Counts>('/dev/counts'),
    ]);
    const worlds = await lookAtWorlds(counts);
    if (!known.selected && orders?.orders[0]) select(orders.orders[0].orderId);
    return {
      ...first,
      orders: orders?.orders ?? NOBODY,
      parked: parked?.orders ?? NOBODY,
      listeners: letters?.listeners ?? NOBODY,
      faults: faults?.faults ?? NOBODY,
      underWay: counts?.underWay ?? 0,
      ...worlds,
    };
  });

  const orderLoop = repeat(lookAtOrder, () => pauseBy(ORDER_MS));
  const shopLoop = repeat(lookAtShop, () => pauseBy(SHOP_MS));
  const select = (orderId: string): void => {
    if (known.selected !== orderId)
      learn({
        selected: orderId,
        order: known.orders?.find((order) => order.orderId === orderId),
        nextAction: undefined,
        timeline: NOBODY,
      });
    history.replaceState(null, '', `#${orderId}`);
    hurry();
    orderLoop.now();
  };

  /** Something the person has asked for: says how it went. */
  const act = async (work: () => Promise<string>): Promise<void> => {
    try {
      learn({ notice: { text: await work(), bad: false } });
    } catch (error) {
      learn({
        notice: {
          text: error instanceof RefusedError ? error.message : 'The local stack does not answer.',
          bad: true,
        },
      });
    }
    seenAt = 0;
    hurry();
    orderLoop.now();
    shopLoop.now();
  };

  /** Until the replay is over. */
  const followReplay = async (replay: string): Promise<string> => {
    for (;;) {
      const answer = await ask('GET /ops/replays/{replay}', { path: { replay } });
      if (!answer || !['STARTING', 'RUNNING'].includes(answer.state))
        return `Replay ${answer?.state.toLowerCase() ?? 'is over'}.`;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };

  return {
    known: () => known,
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    select,
    /** Places an order, after the faults that are to hit it. */
    place: (request: OrderRequest, faults: readonly NewFault[] = []) =>
      act(async () => {
        await Promise.all(faults.map((fault) => send('POST', '/dev/faults', fault)));
        const { orderId } = await tell('POST /orders', { body: request });
        select(orderId);
        bringIntoView();
        return `Order ${short(orderId)} is placed.`;
      }),
    addFaults: (faults: readonly NewFault[]) =>
      act(async () => {
        await Promise.all(faults.map((fault) => send('POST', '/dev/faults', fault)));
        return 'It will hit the next order.';
      }),
    forgetFaults: () =>
      act(async () => {
        await send('DELETE', '/dev/faults');
        return 'No fault is to come.';
      }),
    cancel: (orderId: string) =>
      act(async () => {
        await tell('POST /orders/{orderId}/cancel', { path: { orderId } });
        return `Order ${short(orderId)} is being cancelled.`;
      }),
    resume: (orderId: string) =>
      act(async () => {
        const { resumed } = await tell('POST /ops/orders/{orderId}/resume', { path: { orderId }, body: {} });
        select(orderId);
        return `Order ${short(orderId)} goes on from ${resumed}.`;
      }),
    /** Its parcel has left: it stands. */
    keep: (orderId: string) =>
      act(async () => {
        const body = { keep: { note: 'kept from the console' } };
        await tell('POST /ops/orders/{orderId}/resume', { path: { orderId }, body });
        select(orderId);
        return `Order ${short(orderId)} is kept.`;
      }),
    redrive: (listener: string) =>
      act(async () => {
        const { redriven } = await tell('POST /ops/listeners/{listener}/redrive', { path: { listener } });
        return `${listener}: ${redriven} delivered again.`;
      }),
    /** Everything published in the last hour, once more to one listener, or to all. */
    replay: (listener: string | undefined) =>
      act(async () => {
        const to = new Date();
        const body = {
          from: new Date(to.getTime() - 3_600_000).toISOString(),
          to: to.toISOString(),
          ...(listener && { listener }),
        };
        const { replay } = await tell('POST /ops/replays', { body });
        return followReplay(replay);
      }),
  };
};
export type Store = ReturnType<typeof consoleStore>;
