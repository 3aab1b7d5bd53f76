import type { Definition } from './definition.ts';

/** How the name of a step turns into that of its undo: ChargePayment, RefundPayment. */
const UNDO_VERBS: Readonly<Record<string, string>> = {
  Charge: 'Refund',
  Reserve: 'Release',
  Create: 'Cancel',
};

/** The errors that prove that the step which raised them has had no effect. Every other leaves it open. */
export const BUSINESS_ERRORS: readonly string[] = [
  'PaymentDeclinedError',
  'OutOfStockError',
  'AddressUndeliverableError',
];

const CLEAN_END: readonly string[] = ['PublishOrderCancelled', 'OrderCancelled'];

const verbOf = (state: string): string => /^[A-Z][a-z]*/.exec(state)?.[0] ?? '';

export const undoOf = (state: string): string | undefined => {
  const verb = verbOf(state);
  return UNDO_VERBS[verb] && `${UNDO_VERBS[verb]}${state.slice(verb.length)}`;
};

export const isUndo = (state: string): boolean => Object.values(UNDO_VERBS).includes(verbOf(state));

/** The states entered from `start` on where nothing fails. A loop ends before it closes. */
export const pathFrom = ({ States }: Definition, start: string): string[] => {
  const path: string[] = [];
  for (let at: string | undefined = start; at && !path.includes(at); at = States[at]?.Next) path.push(at);
  return path;
};

/** Nothing is left to do that could be undone: the goods are on their way. */
const hasShipped = (happyPath: readonly string[], state: string): boolean =>
  !happyPath.slice(happyPath.indexOf(state)).some(undoOf);

/** What has to be undone, in order, where `state` of the happy path has failed by `error`. */
export const owedUndos = (happyPath: readonly string[], state: string, error: string): string[] => {
  if (hasShipped(happyPath, state)) return [];
  const failed = happyPath.indexOf(state);
  const mayHaveActed = happyPath.slice(0, BUSINESS_ERRORS.includes(error) ? failed : failed + 1);
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
export const checkCompensation = (definition: Definition): string[] => {
  const happyPath = pathFrom(definition, definition.StartAt);
  return happyPath
    .filter((name) => definition.States[name]?.Type === 'Task')
    .flatMap((name) => {
      const catchers = definition.States[name]?.Catch ?? [];
      const complaints = catchers.flatMap(({ ErrorEquals, Next }) => {
        const path = pathFrom(definition, Next);
        return ErrorEquals.flatMap((error) =>
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
