const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));

/** Limits a rate: waits, so that within any second no more than `perSecond` callers get through. */
export const pace = (perSecond: number) => {
  /** When the last `perSecond` callers got through, or will (epoch ms). */
  const passed: number[] = [];
  return async (): Promise<void> => {
    const now = Date.now();
    const earlier = passed.length < perSecond ? undefined : passed.shift();
    const at = earlier === undefined ? now : Math.max(now, earlier + 1_000);
    passed.push(at);
    if (at > now) await pause(at - now);
  };
};
