interface State {
  readonly TimeoutSeconds?: number;
  readonly Next?: string;
  readonly Default?: string;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly { readonly Next: string }[];
}
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const successors = ({ Next, Default, Catch = [], Choices = [] }: State): string[] =>
  [Next, Default, ...Catch.map((each) => each.Next), ...Choices.map((each) => each.Next)].filter(
    (next) => next !== undefined,
  );

/** The same definition, entered at another state: it keeps what can be reached from there, and nothing else. */
export const enteredAt = <D extends Definition>(definition: D, start: string): D => {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const state = definition.States[name];
    if (!state) throw new Error(`there is no state ${name}`);
    if (reached.has(name)) return;
    reached.add(name);
    for (const next of successors(state)) visit(next);
  };
  visit(start);
  const states = Object.entries(definition.States).filter(([name]) => reached.has(name));
  return { ...definition, StartAt: start, States: Object.fromEntries(states) };
};
