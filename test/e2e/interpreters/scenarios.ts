import type { Fault } from '../../../local/faults/faults.ts';
import type { Act, Scenario } from './scenario.ts';

const once = (state: string, fault: Fault['fault'], attempt = 1) => ({ state, attempt, fault });
/** Until the eleventh attempt, after which there is none. */
const always = (state: string) =>
  Array.from({ length: 11 }, (_, index) => once(state, 'error-before', index + 1));

const resume =
  (body: object = {}): Act =>
  (stack, orderId) =>
    stack.post(`/ops/orders/${orderId}/resume`, body);
const cancel: Act = (stack, orderId) => stack.post(`/orders/${orderId}/cancel`, {});
/** A customer's cancellation behind which the parcel leaves: as `cancel-order` starts it, which would have asked the carrier. */
const cancelTooLate: Act = (stack, orderId) => stack.startCancellation(orderId);

const UNDELIVERABLE = { postalCode: '00000' };
/** The parcel leaves as soon as it is booked. */
const LEAVES_AT_ONCE = { postalCode: '88888' };
const keep = { note: 'the carrier will not call it back' };

export const SCENARIOS: readonly Scenario[] = [
  { what: 'goes through', comesTo: [['CONFIRMED']] },
  { what: 'the card is declined', wish: { paymentMethod: 'pm_card_declined' }, comesTo: [['CANCELLED']] },
  {
    what: 'out of stock',
    wish: { items: [{ sku: 'MUG-WHITE', quantity: 1_000 }] },
    comesTo: [['CANCELLED']],
  },
  { what: 'undeliverable', wish: UNDELIVERABLE, comesTo: [['CANCELLED']] },
  {
    what: 'transient errors, retried',
    faults: [
      once('ChargePayment', 'throttle'),
      once('ChargePayment', 'crash', 2),
      once('CreateShipment', 'crash'),
    ],
    comesTo: [['CONFIRMED']],
  },
  {
    what: 'a transient error that does not pass',
    wish: { paymentMethod: 'pm_card_unavailable' },
    comesTo: [['CANCELLED']],
  },
  {
    what: 'an error that nobody has a name for',
    faults: [once('ReserveInventory', 'error-after')],
    comesTo: [['CANCELLED']],
  },
  {
    what: 'a step times out',
    faults: [once('CreateShipment', 'timeout-before')],
    comesTo: [['CANCELLED']],
  },
  {
    what: 'a step times out, and goes on late',
    faults: [once('ChargePayment', 'timeout-after')],
    comesTo: [['CANCELLED']],
  },
  {
    what: 'the refund fails for long: parked, and resumed',
    wish: UNDELIVERABLE,
    faults: always('RefundPayment'),
    comesTo: [['NEEDS_ATTENTION', resume()], ['CANCELLED']],
  },
  {
    what: 'the refund fails for long: parked, and settled by hand',
    wish: UNDELIVERABLE,
    faults: always('RefundPayment'),
    comesTo: [
      ['NEEDS_ATTENTION', resume({ resolutions: { RefundPayment: { note: 'refunded by hand' } } })],
      ['CANCELLED'],
    ],
  },
  {
    what: 'the refund fails for long: parked, and nobody comes for a day',
    wish: UNDELIVERABLE,
    faults: always('RefundPayment'),
    comesTo: [['NEEDS_ATTENTION'], ['CANCELLED']],
  },
  {
    what: 'the parcel’s cancellation fails for long: parked at once, and resumed',
    faults: [once('CreateShipment', 'error-after'), ...always('CancelShipment')],
    comesTo: [['NEEDS_ATTENTION', resume()], ['CANCELLED']],
  },
  {
    what: 'the release fails for long: noted, refunded, parked, and resumed',
    faults: [once('ReserveInventory', 'error-after'), ...always('ReleaseInventory')],
    comesTo: [['NEEDS_ATTENTION', resume()], ['CANCELLED']],
  },
  {
    what: 'the parcel has left: parked, and kept',
    wish: LEAVES_AT_ONCE,
    faults: [once('CreateShipment', 'error-after')],
    comesTo: [['NEEDS_ATTENTION', resume({ keep })], ['CONFIRMED']],
  },
  {
    what: 'the confirmation fails for long: parked, and resumed',
    faults: always('PublishOrderConfirmed'),
    comesTo: [['NEEDS_ATTENTION', resume()], ['CONFIRMED']],
    except: ['the cause of a failed entry'],
  },
  {
    what: 'the cancellation’s publication fails for long: parked, and resumed',
    wish: { paymentMethod: 'pm_card_declined' },
    faults: always('PublishOrderCancelled'),
    comesTo: [['NEEDS_ATTENTION', resume()], ['CANCELLED']],
    except: ['the cause of a failed entry'],
  },
  {
    what: 'stopped while it waits to be confirmed: recovered, and confirmed',
    faults: always('PublishOrderConfirmed'),
    comesTo: [['NEEDS_ATTENTION', (stack, orderId) => stack.stop(orderId)], ['CONFIRMED']],
    except: ['the cause of a failed entry'],
  },
  { what: 'confirmed, and cancelled by its customer', comesTo: [['CONFIRMED', cancel], ['CANCELLED']] },
  {
    what: 'confirmed, cancelled too late, and kept',
    wish: LEAVES_AT_ONCE,
    comesTo: [['CONFIRMED', cancelTooLate], ['NEEDS_ATTENTION', resume({ keep })], ['CONFIRMED']],
  },
  // The last: its second execution starts by itself.
  {
    what: 'stopped while it reserves: recovered',
    faults: [once('ReserveInventory', 'abort')],
    comesTo: [['CANCELLED']],
  },
];
