/**
 * Shares answers among those who ask at about the same time, in this instance of a function: under the same key they
 * share the answer that is on its way, and then the one that came, for a moment. A failure is shared on its way only.
 */
export const sharedForAMoment = <Answer>(momentMs: number) => {
  const shared = new Map<string, { readonly answer: Promise<Answer>; until: number }>();
  return (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    for (const [old, { until }] of shared) if (until <= Date.now()) shared.delete(old);
    const known = shared.get(key);
    if (known) return known.answer;
    const entry = { answer: ask(), until: Infinity };
    shared.set(key, entry);
    entry.answer.then(
      () => {
        entry.until = Date.now() + momentMs;
      },
      () => shared.delete(key),
    );
    return entry.answer;
  };
};
