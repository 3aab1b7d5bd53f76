const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));

/** Waits until one more would not be too many: never more than `perSecond` come through within any second. */
export const pace = (perSecond: number) => {
  /** When the last `perSecond` came through, or will: epoch milliseconds. */
  const passed: number[] = [];
  return async (): Promise<void> => {
    const now = Date.now();
    const earlier = passed.length < perSecond ? undefined : passed.shift();
    const at = earlier === undefined ? now : Math.max(now, earlier + 1_000);
    passed.push(at);
    if (at > now) await pause(at - now);
  };
};
