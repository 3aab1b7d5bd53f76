import type { Erasure } from '../../../api/answers/operators.ts';

// As `docs/personal-data.md` lists them.

/** Where an order's personal data lies, and is erased. */
export const ERASED: Erasure['erased'] = [
  { place: 'the table PersonalData', what: 'name, address, e-mail address and payment method' },
  { place: "the order's record", what: 'the hash of the request, by which an address could be guessed' },
];

/** What an erasure leaves where it is, and why. */
export const KEPT: Erasure['kept'] = [
  {
    place: 'the backups of the table PersonalData',
    what: 'what was erased, for up to 35 days',
    why: 'a table can be set back to any second of the last 35 days; what was erased before is not in it',
  },
  {
    place: 'the payment provider, the carrier and the mail service',
    what: 'what they were told to do their work',
    why: 'their records are theirs, as long as the law has them keep them: ask them',
  },
  {
    place: "the order's record, ledgers, events and executions",
    what: "ids, items, amounts, times, states, and the customer's identity",
    why: 'the books: none of it is a name, an address of any kind or a payment method',
  },
];
