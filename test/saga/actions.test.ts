import { expect, it } from '@jest/globals';
import { CUSTOMER, type Shop } from '../../testbed/shop.ts';
import { dev } from '../lib/templates.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

interface Action {
  readonly action: string;
  readonly by: string;
  readonly on?: string;
  readonly status?: number;
}

/** Every route by which an operator changes something, from the stack itself. */
const changing = dev
  .ofType<{ RouteKey: string }>('AWS::ApiGatewayV2::Route')
  .map(({ properties }) => properties.RouteKey)
  .filter((route) => /^(POST|PUT|PATCH|DELETE) \/ops\//.test(route));

it.each(changing)('%s is on record with who has called it, also where it is refused', async (route) => {
  const { orderId } = await shop.order();
  const path = route.split(' ')[1] ?? '';
  const [named] = path.match(/\{\w+\}/) ?? [];
  const on = named === '{orderId}' ? orderId : named && 'log-event';
  const { status } = await shop.request('POST', path.replace(/\{\w+\}/, on ?? ''), {});
  await shop.settle();
  const { body } = await shop.request('GET', '/ops/actions?limit=1');
  expect(body.actions).toMatchObject([
    { action: route, by: 'local-operator', status, ...(on && { on }) } satisfies Action,
  ]);
});

it('they are told newest first, page by page', async () => {
  for (let count = 0; count < 4; count += 1) await shop.request('POST', '/ops/reconcile');
  const first = await shop.request('GET', '/ops/actions?limit=2');
  const second = await shop.request('GET', `/ops/actions?limit=2&cursor=${first.body.next}`);
  const told = [...(first.body.actions as { at: string }[]), ...(second.body.actions as { at: string }[])];
  expect(told.map(({ at }) => at)).toEqual(
    told
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
  expect(told).toHaveLength(4);
});

it('who has asked for a cancellation is told to operators', async () => {
  const { orderId } = await shop.order();
  await shop.request('POST', `/orders/${orderId}/cancel`);
  await shop.settle();
  const seen = await shop.request('GET', `/ops/orders/${orderId}`);
  expect(seen.body).toMatchObject({ status: 'CANCELLED', cancelling: { by: CUSTOMER } });
});
