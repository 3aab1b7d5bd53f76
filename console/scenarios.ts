import type { RequestTo } from '../api/client.ts';
import { attemptsOf, type Definition } from './definition.ts';
import type { NewFault } from './faults.ts';
import type { Product } from './worlds.ts';

/** A body of `POST /orders`. */
export type OrderRequest = RequestTo<'POST /orders'>['body'];

/** What can be paid with, as `/dev/catalogue` tells. */
export interface Paying {
  /** Payment methods, and what each leads to. */
  readonly methods: Readonly<Record<string, string>>;
  readonly declined: string;
  /** Where a customer authenticates, where the provider may ask for that. */
  readonly authentication?: string;
}

export const POSTAL_CODES: Readonly<Record<string, string>> = {
  '10115': 'Berlin: delivered',
  '00000': 'nowhere: undeliverable',
  '88888': 'leaves at once: too late to cancel',
  '99999': 'the carrier does not answer',
};

export const orderRequest = (
  items: OrderRequest['items'],
  paymentMethod = 'pm_card_visa',
  postalCode = '10115',
): OrderRequest => ({
  items,
  paymentMethod,
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: 'Invalidenstr. 116',
    city: 'Berlin',
    postalCode,
    country: 'DE',
  },
});

/** An order with a story: what is ordered, and what is made to go wrong. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly tells: string;
  /** How it ends. */
  readonly tone: 'forward' | 'undone' | 'parked';
  readonly order: (products: readonly Product[], paying: Pick<Paying, 'declined'>) => OrderRequest;
  readonly faults: (definition: Definition) => readonly NewFault[];
}

const plenty = (products: readonly Product[]) => {
  const { sku = '' } = products.find(({ available }) => available > 100) ?? products[0] ?? {};
  return [{ sku, quantity: 2 }];
};
/** One more than there ever were, of what there is least of. */
const tooMany = (products: readonly Product[]) => {
  const scarce = products.filter(({ available }) => available > 0).sort((a, b) => a.available - b.available);
  const { sku = '', available = 0 } = scarce[0] ?? {};
  return [{ sku, quantity: available + 1 }];
};
const nothing = () => [];

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'happy',
    title: 'Happy',
    tells: 'paid, reserved, shipped',
    tone: 'forward',
    order: (products) => orderRequest(plenty(products)),
    faults: nothing,
  },
  {
    id: 'declined',
    title: 'Declined',
    tells: 'nothing to undo',
    tone: 'undone',
    order: (products, { declined }) => orderRequest(plenty(products), declined),
    faults: nothing,
  },
  {
    id: 'out-of-stock',
    title: 'Out of stock',
    tells: 'one more than there is',
    tone: 'undone',
    order: (products) => orderRequest(tooMany(products)),
    faults: nothing,
  },
  {
    id: 'undeliverable',
    title: 'Undeliverable',
    tells: 'the carrier refuses',
    tone: 'undone',
    order: (products) => orderRequest(plenty(products), 'pm_card_visa', '00000'),
    faults: nothing,
  },
  {
    id: 'slow-carrier',
    title: 'Slow carrier',
    tells: 'books after we gave up',
    tone: 'undone',
    order: (products) => orderRequest(plenty(products)),
    faults: () => [{ state: 'CreateShipment', fault: 'timeout-after' }],
  },
  {
    id: 'lost-response',
    title: 'Lost response',
    tells: 'charged, and nobody heard',
    tone: 'undone',
    order: (products) => orderRequest(plenty(products)),
    faults: () => [{ state: 'ChargePayment', fault: 'error-after' }],
  },
  {
    id: 'refund-fails',
    title: 'Refund fails',
    tells: 'parked for a person',
    tone: 'parked',
    order: (products) => orderRequest(plenty(products), 'pm_card_visa', '00000'),
    faults: (definition) => everyAttempt(definition, 'RefundPayment', 'error-before'),
  },
  {
    id: 'left-in-between',
    title: 'Left in between',
    tells: 'the parcel cannot be called back',
    tone: 'parked',
    order: (products) => orderRequest(plenty(products), 'pm_card_visa', '88888'),
    faults: () => [{ state: 'CreateShipment', fault: 'error-after' }],
  },
];

/** The same fault at each attempt that a state has: what retries cannot mend. */
export const everyAttempt = (definition: Definition, state: string, fault: string): NewFault[] =>
  Array.from({ length: attemptsOf(definition, state) }, (_, index) => ({
    state,
    fault,
    attempt: index + 1,
  }));
