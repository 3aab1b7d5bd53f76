/**
 * A cache of answers, in this instance of a function. Whoever asks under a key while an answer is on its way waits for
 * that one, and whoever asks within `ttlMs` after it came gets it too. A failure is not kept.
 */
export const ttlCache = <Answer>(ttlMs: number) => {
  const shared = new Map<string, { readonly answer: Promise<Answer>; until: number }>();
  return (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    for (const [old, { until }] of shared) if (until <= Date.now()) shared.delete(old);
    const known = shared.get(key);
    if (known) return known.answer;
    const entry = { answer: ask(), until: Infinity };
    shared.set(key, entry);
    entry.answer.then(
      () => {
        entry.until = Date.now() + ttlMs;
      },
      () => shared.delete(key),
    );
    return entry.answer;
  };
};
