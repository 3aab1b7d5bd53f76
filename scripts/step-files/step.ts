import { STEP_NAMES, STEPS, type StepName } from '../../saga/steps.ts';
import { camel, pascal } from '../names.ts';
import { doing, done, many } from './words.ts';

/** One of the two functions: `redeem-voucher`, its state `RedeemVoucher`, `redeemVoucher`, and the verb. */
export interface Deed {
  readonly name: string;
  readonly state: string;
  readonly function: string;
  readonly verb: string;
}

/** A step to be, and everything that its files are named by. */
export interface NewStep extends Deed {
  readonly undo: Deed;
  /** What it is about, and whose folder it is: `voucher`, in code `voucher`, `Voucher` and `VOUCHER`, in a sentence `voucher`. */
  readonly service: string;
  readonly code: string;
  readonly type: string;
  readonly key: string;
  readonly word: string;
  /** Its tables: `Vouchers`, `VOUCHERS`. */
  readonly rows: string;
  readonly rowsKey: string;
  /** By which it refuses, and by which its outside does not answer. */
  readonly refusal: string;
  readonly unavailable: string;
  /** The names of the ledger's states. */
  readonly states: Readonly<Record<'doing' | 'done' | 'refused' | 'undoing' | 'undone', string>>;
  /** Between which it runs, and their undos. */
  readonly after: StepName;
  readonly next: StepName;
  readonly undoOfAfter: string;
  readonly undoOfNext: string;
  /** The sandbox's magic: of how many pieces a line is refused, and has no answer. */
  readonly pieces: { readonly refused: number; readonly unanswered: number };
}

/** What the command line asks for, checked. */
export interface Asked {
  readonly name: string;
  readonly undo: string;
  readonly after: StepName;
  readonly refusal: string;
}

/** `redeem` of it. */
export const verbOf = (name: string): string => name.slice(0, name.indexOf('-'));
/** `voucher` of `redeem-voucher`. */
export const serviceOf = (name: string): string => name.slice(name.indexOf('-') + 1);
const constant = (name: string): string => name.replaceAll('-', '_').toUpperCase();

const deed = (name: string): Deed => ({
  name,
  state: pascal(name),
  function: camel(name),
  verb: verbOf(name),
});

/** The words of a ledger for the states of its effect. */
export const statesOf = (verb: string, back: string): NewStep['states'] => ({
  doing: doing(verb).toUpperCase(),
  done: done(verb).toUpperCase(),
  refused: 'REFUSED',
  undoing: doing(back).toUpperCase(),
  undone: done(back).toUpperCase(),
});

/** @param asked its `after` is not the last step */
export const stepOf = ({ name, undo, after, refusal }: Asked): NewStep => {
  const service = serviceOf(name);
  const next = STEP_NAMES[STEP_NAMES.indexOf(after) + 1] as StepName;
  // Of every step another decade: an order that one refuses is none to the others.
  const decade = 10 * (STEP_NAMES.length + 1);
  return {
    ...deed(name),
    undo: deed(undo),
    service,
    code: camel(service),
    type: pascal(service),
    key: constant(service),
    word: service.replaceAll('-', ' '),
    rows: pascal(many(service)),
    rowsKey: constant(many(service)),
    refusal,
    unavailable: `${pascal(service)}UnavailableError`,
    states: statesOf(verbOf(name), verbOf(undo)),
    after,
    next,
    undoOfAfter: STEPS[after].undo.name,
    undoOfNext: STEPS[next].undo.name,
    pieces: { refused: decade + 1, unanswered: decade + 2 },
  };
};
