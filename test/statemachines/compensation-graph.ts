import { type Definition, PUT_EVENTS, type State, WAIT_FOR_TOKEN } from './definition.ts';

/** What the graph is held against: each step, its undo, and the errors that prove that it has had no effect. */
export type Steps = Readonly<
  Record<
    string,
    {
      readonly undo: { readonly name: string };
      readonly refusals: Readonly<Record<string, unknown>>;
      /** The waits for an outcome that others decide, by the errors that say so. */
      readonly waits?: Readonly<Record<string, { readonly state: string }>>;
      /** Where a wait ends that nobody has ended. */
      readonly expiry?: { readonly state: string };
    }
  >
>;

/** The error of a step that meets its fence: an undo has begun elsewhere, and how far it came is not known. */
export const FENCE = 'OrderAlreadyCancelledError';

const CLEAN_END: readonly string[] = ['PublishOrderCancelled', 'OrderCancelled'];

/** Where the order waits for an operator. */
export const isPark = ({ States }: Definition, state: string): boolean =>
  States[state]?.Resource === WAIT_FOR_TOKEN && state.startsWith('Park');

/**
 * The states entered from `start` on, where each of `failing` fails the first time it is entered, past all its retries,
 * by an error that has no name; a parking, as its wait is over. A Choice is decided by what is known at first, and by the failures that were noted on the way. A loop ends before it
 * closes.
 */
export const pathFrom = (
  definition: Definition,
  start: string,
  failing: readonly string[] = [],
  known: readonly string[] = [],
): string[] => {
  const { States } = definition;
  const path: string[] = [];
  const situations = new Set<string>();
  const noted = new Set(known);
  const toFail = new Set(failing);

  const next = (name: string, state: State): string | undefined => {
    if (toFail.delete(name)) {
      const error = isPark(definition, name) ? 'States.Timeout' : 'States.ALL';
      const catcher = state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
      if (catcher?.ResultPath) noted.add(catcher.ResultPath);
      return catcher?.Next;
    }
    // A Pass that sets a noted failure to something else forgets it.
    if (state.Type === 'Pass' && state.ResultPath) noted.delete(state.ResultPath);
    const chosen = state.Choices?.find(
      ({ Variable, IsPresent }) => noted.has(Variable.replace(/\.Error$/, '')) === IsPresent,
    );
    return chosen?.Next ?? state.Default ?? state.Next;
  };

  let at: string | undefined = start;
  while (at) {
    const situation = JSON.stringify([at, [...noted].sort(), [...toFail]]);
    if (situations.has(situation)) break;
    situations.add(situation);
    path.push(at);
    const state: State | undefined = States[at];
    at = state && next(at, state);
  }
  return path;
};

/** Every state that can be entered from `start` on, whatever fails. */
export const reachableFrom = ({ States }: Definition, start: string): Set<string> => {
  const reached = new Set<string>();
  const visit = (name: string | undefined): void => {
    if (!name || reached.has(name)) return;
    reached.add(name);
    const { Next, Default, Catch = [], Choices = [] } = States[name] ?? {};
    for (const each of [Next, Default, ...[...Catch, ...Choices].map((branch) => branch.Next)]) visit(each);
  };
  visit(start);
  return reached;
};

const list = (states: readonly string[]) => states.join(', ') || 'nothing';

/** What a definition owes by a saga's steps. */
export const compensationGraph = (steps: Steps) => {
  const undoOf = (state: string): string | undefined =>
    Object.hasOwn(steps, state) ? steps[state]?.undo.name : undefined;
  const undos = Object.values(steps).map(({ undo }) => undo.name);
  const isUndo = (state: string): boolean => undos.includes(state);
  const waitsOf = (state: string) => (Object.hasOwn(steps, state) ? (steps[state]?.waits ?? {}) : {});
  const isRefusal = (state: string, error: string): boolean =>
    Object.hasOwn(steps[state]?.refusals ?? {}, error);

  /** Nothing is left to do that could be undone: the goods are on their way. */
  const hasShipped = (happyPath: readonly string[], state: string): boolean =>
    !happyPath.slice(happyPath.indexOf(state)).some(undoOf);

  /** What has to be undone, in order, where `state` of the happy path has failed by `error`. */
  const owedUndos = (happyPath: readonly string[], state: string, error: string): string[] => {
    if (hasShipped(happyPath, state)) return [];
    const failed = happyPath.indexOf(state);
    const mayHaveActed =
      error === FENCE ? happyPath : happyPath.slice(0, isRefusal(state, error) ? failed : failed + 1);
    return mayHaveActed.flatMap((step) => undoOf(step) ?? []).reverse();
  };

  const undoComplaints = (visited: readonly string[], owed: readonly string[]): string[] => {
    const wrong = [
      ...owed.filter((undo) => !visited.includes(undo)).map((undo) => `${undo} is missing`),
      ...visited.filter((undo) => !owed.includes(undo)).map((undo) => `${undo} is superfluous`),
    ];
    if (wrong.length > 0 || visited.join() === owed.join()) return wrong;
    return [`undoes ${visited.join(', ')} in this order, not ${owed.join(', ')}`];
  };

  const endComplaints = ({ States }: Definition, path: readonly string[], shipped: boolean): string[] => {
    if (shipped) {
      return CLEAN_END.filter((state) => path.includes(state)).map(
        (state) => `a shipped order comes to ${state}`,
      );
    }
    const end = path.slice(-CLEAN_END.length);
    if (end.join() !== CLEAN_END.join()) return [`ends in ${end.join(', ')}, not ${CLEAN_END.join(', ')}`];
    return States[end.at(-1) ?? '']?.Type === 'Fail' ? [] : [`${end.at(-1)} is not a Fail state`];
  };

  /**
   * Proves that every failure undoes exactly what may have been done, in reverse, by walking from each Catch of the
   * happy path. Returns what is wrong, a sentence each.
   */
  const checkCompensation = (definition: Definition): string[] => {
    const happyPath = pathFrom(definition, definition.StartAt);
    return happyPath
      .filter((name) => definition.States[name]?.Type === 'Task')
      .flatMap((name) => {
        const catchers = definition.States[name]?.Catch ?? [];
        const complaints = catchers.flatMap(({ ErrorEquals, Next }) => {
          const path = pathFrom(definition, Next);
          return ErrorEquals.filter((error) => !Object.hasOwn(waitsOf(name), error)).flatMap((error) =>
            [
              ...undoComplaints(path.filter(isUndo), owedUndos(happyPath, name, error)),
              ...endComplaints(definition, path, hasShipped(happyPath, name)),
            ].map((complaint) => `${name} / ${error}: ${complaint}`),
          );
        });
        const catchesAll = catchers.at(-1)?.ErrorEquals.join() === 'States.ALL';
        return catchesAll ? complaints : [...complaints, `${name}: States.ALL is not caught last, by itself`];
      });
  };

  /**
   * Proves that a step which is not decided yet is waited for and done again, and undone where nobody decides. Returns what
   * is wrong, a sentence each.
   */
  const checkWaits = (definition: Definition): string[] => {
    const { States } = definition;
    const happyPath = pathFrom(definition, definition.StartAt);
    return happyPath.flatMap((step) =>
      Object.entries(waitsOf(step)).flatMap(([error, { state }]) => {
        const catcher = States[step]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
        const { Resource, Next, Catch = [], ResultPath } = States[state] ?? { Type: '' };
        const owed = owedUndos(happyPath, step, 'States.ALL');
        const leavesDataAlone = catcher?.ResultPath === null && ResultPath === null;
        return [
          ...(catcher?.Next === state ? [] : [`${step} / ${error}: leads to ${catcher?.Next}, not ${state}`]),
          ...(Resource === WAIT_FOR_TOKEN ? [] : [`${state} does not wait`]),
          ...(Next === step ? [] : [`${state} does not go back to ${step}`]),
          ...(leavesDataAlone ? [] : [`${state} changes what ${step} is done again with`]),
          ...(Catch.find(({ ErrorEquals }) => ErrorEquals.includes('States.Timeout'))?.Next ===
          steps[step]?.expiry?.state
            ? []
            : [`${state} times out to elsewhere than ${steps[step]?.expiry?.state}`]),
          ...Catch.flatMap(({ ErrorEquals, Next: caught }) => {
            const path = pathFrom(definition, caught);
            return [
              ...undoComplaints(path.filter(isUndo), owed),
              ...endComplaints(definition, path, false),
            ].map((complaint) => `${state} / ${ErrorEquals}: ${complaint}`);
          }),
        ];
      }),
    );
  };

  /** What is wrong with how the order parks, on a path on which `undo` fails once, and goes on from there. */
  const parkingComplaints = (
    definition: Definition,
    path: readonly string[],
    undo: string,
    owed: readonly string[],
    whole: readonly string[],
  ): string[] => {
    const parked = path.findIndex((state) => isPark(definition, state));
    if (parked < 0) return [`the order does not park, and comes to ${list(path.slice(-1))}`];
    const done = path.slice(path.indexOf(undo) + 1, parked).filter(isUndo);
    // What may still ship is not paid back; where it cannot ship any more, the customer does not wait for the money.
    const due = undo === whole[0] ? [] : owed.slice(owed.indexOf(undo) + 1);
    const before = path.slice(0, parked);
    const after = path.slice(parked + 1);
    return [
      ...(done.join() === due.join() ? [] : [`undoes ${list(done)} before it parks, not ${list(due)}`]),
      ...CLEAN_END.filter((state) => before.includes(state)).map((state) => `${state} comes before it parks`),
      ...(after.filter(isUndo).join() === whole.join()
        ? []
        : [`undoes ${list(after.filter(isUndo))} once resumed, not ${list(whole)}`]),
      ...endComplaints(definition, after, false).map((complaint) => `once resumed, ${complaint}`),
    ];
  };

  /**
   * Proves that an undo or a publication that fails for long parks the order, and where it goes on from there, by walking
   * from each Catch of the happy path with each undo failing once. Returns what is wrong, a sentence each.
   */
  const checkParking = (definition: Definition): string[] => {
    const happyPath = pathFrom(definition, definition.StartAt);
    const whole = happyPath.flatMap((step) => undoOf(step) ?? []).reverse();
    // Which way an operator's word leads is asked only where there was one.
    const deeds = (path: readonly string[]) =>
      path.filter((state) => definition.States[state]?.Type !== 'Choice').join();
    const complaints = happyPath.flatMap((name) =>
      (definition.States[name]?.Catch ?? []).flatMap(({ ErrorEquals, Next }) =>
        ErrorEquals.filter((error) => !Object.hasOwn(waitsOf(name), error)).flatMap((error) => {
          const owed = owedUndos(happyPath, name, error);
          return owed.flatMap((undo) => {
            const resumed = pathFrom(definition, Next, [undo]);
            const park = resumed.find((state) => isPark(definition, state));
            const timedOut = park ? pathFrom(definition, Next, [undo, park]) : resumed;
            return [
              ...parkingComplaints(definition, resumed, undo, owed, whole).map(
                (complaint) => `${undo} fails: ${complaint}`,
              ),
              ...(deeds(timedOut) === deeds(resumed) ? [] : [`${park} goes on elsewhere once it times out`]),
            ];
          });
        }),
      ),
    );

    const publications = Object.keys(definition.States).filter(
      (name) => definition.States[name]?.Resource === PUT_EVENTS,
    );
    const unpublished = publications.flatMap((name) => {
      const rest = pathFrom(definition, name).slice(1);
      const [, park = '', again, ...after] = pathFrom(definition, name, [name]);
      const timedOut = pathFrom(definition, name, [name, park]).slice(2);
      return [
        ...(isPark(definition, park) ? [] : [`${name} fails: it does not park, and comes to ${park}`]),
        ...(again === name && after.join() === rest.join() ? [] : [`${park} does not resume at ${name}`]),
        ...(timedOut.join() === [name, ...rest].join()
          ? []
          : [`${park} goes on elsewhere once it times out`]),
      ];
    });

    // Once the goods are on their way nothing is undone, whatever happens.
    const shipped = happyPath.find((name) => hasShipped(happyPath, name)) ?? '';
    const undone = [...reachableFrom(definition, shipped)].filter(
      (state) => isUndo(state) || CLEAN_END.includes(state),
    );
    return [
      ...new Set([
        ...complaints,
        ...unpublished,
        ...undone.map((state) => `a shipped order may come to ${state}`),
      ]),
    ];
  };

  return { undoOf, isUndo, owedUndos, checkCompensation, checkWaits, checkParking };
};
