/**
 * Skews the clock of this thread: from here on every `Date` is ahead by the offset asked for at that moment, or behind
 * if it is negative.
 */
export const skewClock = (offsetMs: () => number): void => {
  const RealDate = Date;
  const now = () => RealDate.now() + offsetMs();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, asked) => Reflect.construct(target, args.length > 0 ? args : [now()], asked),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
};
