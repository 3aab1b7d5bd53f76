import { describe, expect, it } from '@jest/globals';
import { deliveryFaultPlan, parseDeliveryFault } from '../../local/faults/delivery-faults.ts';

const LISTENERS = ['notify-customer', 'log-event'];

describe('a delivery fault that is asked for', () => {
  it('is refused naming every bad field', () => {
    expect(() =>
      parseDeliveryFault({ listener: 'nobody', fault: 'boredom', times: 0, when: 'now' }, LISTENERS),
    ).toThrow(
      /when: is not a known field; listener: must be one of notify-customer, log-event; fault: must be one of .*; times: must be/,
    );
  });

  it('hits one delivery unless it says more', () => {
    const fault = { listener: 'log-event', fault: 'deliver-late' };
    expect(parseDeliveryFault(fault, LISTENERS)).toEqual({ ...fault, times: 1 });
  });
});

describe('the delivery faults to come', () => {
  const twice = { listener: 'log-event', fault: 'deliver-twice', times: 2 } as const;

  it('are the next order’s, where they name none, and hit it as often as they say', () => {
    const plan = deliveryFaultPlan();
    plan.add([twice]);
    expect(plan.take('ord_1', 'log-event', 'deliver-twice')).toBe(false);
    plan.bind('ord_1');
    plan.bind('ord_2');
    expect(plan.take('ord_2', 'log-event', 'deliver-twice')).toBe(false);
    expect(plan.take('ord_1', 'notify-customer', 'deliver-twice')).toBe(false);
    expect(plan.take('ord_1', 'log-event', 'deliver-twice')).toBe(true);
    expect(plan.pending()).toEqual([{ ...twice, times: 1, orderId: 'ord_1' }]);
    expect(plan.take('ord_1', 'log-event', 'deliver-twice')).toBe(true);
    expect(plan.take('ord_1', 'log-event', 'deliver-twice')).toBe(false);
  });

  it('can be forgotten', () => {
    const plan = deliveryFaultPlan();
    plan.add([twice, { ...twice, orderId: 'ord_1' }]);
    plan.forget();
    expect(plan.pending()).toEqual([]);
  });
});
