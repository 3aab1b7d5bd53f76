/**
 * What can go wrong with the delivery of an event to a listener:
 *
 *   deliver-twice   the event is delivered twice, at once
 *   deliver-late    it is delivered late, after events that came later
 *   listener-error  the call fails before the handler runs; Lambda retries it
 */
export const DELIVERY_FAULT_KINDS = ['deliver-twice', 'deliver-late', 'listener-error'] as const;
export type DeliveryFaultKind = (typeof DELIVERY_FAULT_KINDS)[number];

export interface DeliveryFault {
  /** As operators call it: `notify-customer`. */
  readonly listener: string;
  readonly fault: DeliveryFaultKind;
  /** How many deliveries it hits, or, of `listener-error`, how many calls. */
  readonly times: number;
  /** The order whose events it hits; without, the next one that starts. */
  readonly orderId?: string;
}

/** @throws Error naming every bad field */
export const parseDeliveryFault = (input: unknown, listeners: readonly string[]): DeliveryFault => {
  const { listener, fault, times = 1, orderId, ...unknown } = (input ?? {}) as Record<string, unknown>;
  const problems = Object.keys(unknown).map((field) => `${field}: is not a known field`);
  if (!listeners.includes(String(listener)))
    problems.push(`listener: must be one of ${listeners.join(', ')}`);
  if (!DELIVERY_FAULT_KINDS.includes(fault as DeliveryFaultKind))
    problems.push(`fault: must be one of ${DELIVERY_FAULT_KINDS.join(', ')}`);
  if (!Number.isInteger(times) || (times as number) < 1)
    problems.push('times: must be a whole number from 1');
  if (orderId !== undefined && typeof orderId !== 'string') problems.push('orderId: must be a string');
  if (problems.length > 0) throw new Error(problems.join('; '));
  return { ...(input as DeliveryFault), times: times as number };
};

/** The faults of deliveries still to come, by order, as there may be thousands of orders. */
export const deliveryFaultPlan = () => {
  let unbound: readonly DeliveryFault[] = [];
  const byOrder = new Map<string, readonly DeliveryFault[]>();
  const planned = (orderId: string) => byOrder.get(orderId) ?? [];
  const plan = (orderId: string, faults: readonly DeliveryFault[]) => {
    if (faults.length > 0) byOrder.set(orderId, faults);
    else byOrder.delete(orderId);
  };
  return {
    add: (faults: readonly DeliveryFault[]): void => {
      for (const fault of faults) {
        const { orderId } = fault;
        if (orderId) plan(orderId, [...planned(orderId), fault]);
        else unbound = [...unbound, fault];
      }
    },
    /** An order starts: faults that name no order are its own from now on. */
    bind: (orderId: string): void => {
      if (unbound.length > 0)
        plan(orderId, [...planned(orderId), ...unbound.map((fault) => ({ ...fault, orderId }))]);
      unbound = [];
    },
    /** Takes a fault of this kind from the plan. @returns whether there was one */
    take: (orderId: string, listener: string, kind: DeliveryFaultKind): boolean => {
      const faults = planned(orderId);
      const found = faults.find((each) => each.listener === listener && each.fault === kind);
      if (!found) return false;
      const left = found.times > 1 ? [{ ...found, times: found.times - 1 }] : [];
      plan(orderId, [...faults.filter((each) => each !== found), ...left]);
      return true;
    },
    forget: (): void => {
      unbound = [];
      byOrder.clear();
    },
    pending: (): readonly DeliveryFault[] => [...unbound, ...[...byOrder.values()].flat()],
  };
};
export type DeliveryFaultPlan = ReturnType<typeof deliveryFaultPlan>;
