/** A handler that begins: of which program (`programs.ts`), with what input. */
export const begun = (program: string, ...input: readonly (string | number)[]) =>
  `${program}(${input.join()})`;

/** One that has had a further answer: what was begun, and its answers so far, are all that there is of a handler. */
export const answered = (actor: string, answer: string) => `${actor}|${answer}`;

export const programOf = (actor: string) => actor.slice(0, actor.indexOf('('));

export const callOf = (actor: string) => actor.split('|')[0] as string;

/** What it was begun with, and the answers since. */
export const partsOf = (actor: string): { readonly input: string[]; readonly answers: string[] } => {
  const [call = '', ...answers] = actor.split('|');
  return { input: call.slice(call.indexOf('(') + 1, -1).split(','), answers };
};
