import type { StripeFault } from '../local/stripe/faults.ts';
import type { Act } from './acts.ts';
import type { PlannedFault } from './plan.ts';
import { attemptsOf } from './saga.ts';
import type { Scenario } from './scenario.ts';

// Lives that a live provider alone leads: it has the customer or a bank decide, tells of that, and forgets keys.

/** Who decides, by which payment method of Stripe's, in which state; and what they do. */
const DECIDERS = {
  'the customer': ['pm_card_authenticationRequired', 'AwaitPayment'],
  // Says nothing by itself.
  'the bank': ['pm_usBankAccount_processing', 'AwaitDebit'],
} as const;
const DECISIONS = { pays: 'pay', 'does not pay': 'fail to pay' } as const satisfies Record<string, Act>;
const ENDS = { pays: 'CONFIRMED', 'does not pay': 'CANCELLED' } as const;

const life = (more: Partial<Scenario> & Pick<Scenario, 'paymentMethod' | 'end'>): Scenario => ({
  wish: 'happy',
  faults: [],
  acts: [],
  ...more,
});
const every = (state: string, fault: PlannedFault['fault']): PlannedFault[] =>
  Array.from({ length: attemptsOf(state) }, (_, index) => ({ state, attempt: index + 1, fault }));

type Outcome = keyof typeof DECISIONS;
const OUTCOMES = Object.keys(DECISIONS) as readonly Outcome[];
/** A life for each who decides, and each way. */
const decided = (
  name: (who: string, outcome: Outcome) => string,
  more: (state: string, act: Act) => Partial<Scenario>,
): [string, Scenario][] =>
  Object.entries(DECIDERS).flatMap(([who, [paymentMethod, state]]) =>
    OUTCOMES.map((outcome): [string, Scenario] => [
      name(who, outcome),
      life({ paymentMethod, end: ENDS[outcome], ...more(state, DECISIONS[outcome]) }),
    ]),
  );

/** An order whose payment waits, and all that may go wrong with a call meanwhile. */
export const AWAITED: Readonly<Record<string, Scenario>> = Object.fromEntries([
  ...decided(
    (who, outcome) => `${who} ${outcome}`,
    (_, act) => ({ acts: [act] }),
  ),
  ...Object.entries(DECIDERS).flatMap(([who, [paymentMethod, state]]): [string, Scenario][] => [
    [
      `${who} never decides`,
      life({
        paymentMethod,
        end: 'CANCELLED',
        faults: [{ state, attempt: 1, fault: 'timeout-after' }],
        acts: ['pay'],
      }),
    ],
    [
      `${who} pays, and the order is cancelled`,
      life({ paymentMethod, end: 'CANCELLED', acts: ['pay', 'cancel'] }),
    ],
    [
      `${who} is waited for, and the workflow ended from outside`,
      life({ paymentMethod, end: 'CANCELLED', acts: ['stop', 'pay'] }),
    ],
    [
      `${who} pays while the undo parks`,
      life({
        paymentMethod,
        end: 'CANCELLED',
        faults: [{ state, attempt: 1, fault: 'timeout-before' }, ...every('RefundPayment', 'error-before')],
        acts: ['pay', 'resume'],
      }),
    ],
  ]),
  ['a debit is paid at once', life({ paymentMethod: 'pm_usBankAccount_success', end: 'CONFIRMED' })],
  [
    'a debit is not paid, at once',
    life({ paymentMethod: 'pm_usBankAccount_insufficientFunds', end: 'CANCELLED' }),
  ],
  [
    'the card is declined once its owner has authenticated',
    life({
      paymentMethod: 'pm_card_threeDSecureRequiredChargeDeclined',
      end: 'CANCELLED',
      acts: ['pay'],
    }),
  ],
] satisfies [string, Scenario][]);

/** How the provider's word comes, or does not. */
const WORDS: Readonly<Record<string, readonly StripeFault[]>> = {
  late: [{ fault: 'event-late', times: 9, ms: 20 }],
  twice: [{ fault: 'event-twice', times: 9 }],
  'after a later one': [{ fault: 'event-overtaken' }],
  never: [{ fault: 'event-lost', times: 9 }],
};

/** The same with the provider's word in every order. */
export const WEBHOOKS: Readonly<Record<string, Scenario>> = Object.fromEntries([
  ...Object.entries(WORDS).flatMap(([how, atStripe]) =>
    decided(
      (who, outcome) => `${who} ${outcome}, which is told ${how}`,
      (_, act) => ({ acts: [act, 'reconcile'], atStripe }),
    ),
  ),
  // Each call by itself, while all that the workflow knows is that it has to wait.
  ...decided(
    (who, outcome) => `${who} ${outcome} before the token is on record`,
    (_, act) => ({
      // Again, where no call was held up.
      acts: [act],
      meanwhile: { act, function: 'AwaitPayment', faults: ['late-next', 'late-rest', 'timed-out'] },
    }),
  ),
  ...(['pm_usBankAccount_success', 'pm_usBankAccount_insufficientFunds'] as const).map(
    (paymentMethod): [string, Scenario] => [
      `${paymentMethod} is told before Stripe has answered`,
      life({
        paymentMethod,
        end: paymentMethod.endsWith('success') ? 'CONFIRMED' : 'CANCELLED',
        atStripe: [{ fault: 'delay-after', on: 'payment_intents.confirm', times: 2, ms: 30 }],
      }),
    ],
  ),
] satisfies [string, Scenario][]);

/** The provider forgets its keys between an attempt and its undo, or the next attempt. */
export const PRUNED: Readonly<Record<string, Scenario>> = {
  'keys are pruned before a cancellation': life({
    paymentMethod: 'pm_card_visa',
    end: 'CANCELLED',
    acts: ['forget the keys', 'cancel'],
  }),
  'keys are pruned while the refund is parked': life({
    paymentMethod: 'pm_card_visa',
    end: 'CANCELLED',
    faults: [
      { state: 'CreateShipment', attempt: 1, fault: 'error-after' },
      ...every('RefundPayment', 'error-after'),
    ],
    acts: ['forget the keys', 'resume'],
  }),
  'keys are pruned between two attempts': life({
    paymentMethod: 'pm_card_visa',
    end: 'CONFIRMED',
    meanwhile: {
      act: 'forget the keys',
      function: 'ChargePayment',
      faults: ['timed-out', 'late-next', 'late-rest', 'late-end'],
    },
  }),
  'keys are pruned between two refunds': life({
    paymentMethod: 'pm_card_visa',
    end: 'CANCELLED',
    faults: [{ state: 'CreateShipment', attempt: 1, fault: 'error-after' }],
    meanwhile: {
      act: 'forget the keys',
      function: 'RefundPayment',
      faults: ['timed-out', 'late-next', 'late-rest', 'late-end'],
    },
  }),
};
