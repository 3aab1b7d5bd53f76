import { UNDOS } from '../saga/steps.ts';
import { HANDLER_CALLS } from './saga.ts';

/** A change for the worse, as exact text: `find` occurs exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A way to break the project that the proof has to notice. */
export interface Mutant {
  readonly name: string;
  /** What goes wrong with it. */
  readonly why: string;
  readonly edits: readonly Edit[];
  /** The families in whose bounded parts it shows; if empty, it shows in the proof of the deliveries. */
  readonly families: readonly string[];
  /** Of these, the plans whose name contains this. */
  readonly about?: string;
  /** Run on a stack as strict as AWS. */
  readonly isStrict?: boolean;
  /** Run with the live adapter, on a double of Stripe. */
  readonly isAtStripe?: boolean;
}

const LEDGER = 'lambdas/runtime/ledger.ts';
const STOCK = 'lambdas/inventory/stock.ts';
const PROVIDER = 'lambdas/payment/sandbox-provider.ts';
const WORKFLOW = 'lambdas/orders/workflow/workflow.ts';
const ORDERS = 'lambdas/orders/order-changes.ts';
const DELIVERIES = 'lambdas/runtime/deliveries.ts';
const ASL = 'statemachines/order-fulfillment.asl.json';

const SECOND_UNDO = UNDOS[1];

const one = (
  name: string,
  why: string,
  families: readonly string[],
  file: string,
  find: string,
  replace: string,
): Mutant => ({ name, why, families, edits: [{ file, find, replace }] });

/** A mutant shown by the plans whose name contains `about`. */
const about = (text: string, mutant: Mutant): Mutant => ({ ...mutant, about: text });

/** A Catch of the definition, as it is written there. */
const caught = (error: string, path: string, next: string) =>
  `"ErrorEquals": ["${error}"],\n          "ResultPath": "${path}",\n          "Next": "${next}"`;

/** What stands before the last Catch of a charge. */
const AFTER_THE_WAITS = '"Next": "AwaitDebit"\n        },\n        {\n          ';

export const MUTANTS: readonly Mutant[] = [
  // The ledger of money and parcels.
  about(
    'ChargePayment#1 timeout-after',
    one(
      'no-fence',
      'A refund or cancel that finds nothing leaves no fence: the step that comes late is let through.',
      ['late'],
      LEDGER,
      `      const fenced = await open(orderId, VOIDED, { correlationId, ...settled });
      return fenced ? undefined : undo(order, effect);`,
      '      return;',
    ),
  ),
  about(
    'ChargePayment#1 timeout-after',
    one(
      'ledger-first-write-unconditional',
      'A late step overwrites the fence with its intent, and goes on.',
      ['late'],
      LEDGER,
      "      ConditionExpression: 'attribute_not_exists(orderId)',\n",
      '',
    ),
  ),
  about(
    'ChargePayment#1 timeout-after',
    one(
      'ledger-last-write-unconditional',
      'A late step records success over its undo.',
      ['late'],
      LEDGER,
      '      ConditionExpression: `#state = :from${also}`,',
      "      ConditionExpression: '#state = :from OR attribute_exists(orderId)',",
    ),
  ),
  about(
    'ChargePayment#1 timeout-after',
    one(
      'undo-skips-attempt-in-flight',
      'An undo that finds the intent without its outcome believes that nothing has happened.',
      ['late', 'steps'],
      LEDGER,
      'if (entry.state === states.doing || entry.state === states.done) {',
      'if (entry.state === states.done) {',
    ),
  ),
  about(
    'RefundPayment#1 crash',
    one(
      'undo-not-taken-up-again',
      'An undo that died half-way is taken for done when it is repeated.',
      ['undos'],
      LEDGER,
      '} else if (entry.state !== begun) {',
      '} else {',
    ),
  ),
  one(
    'undo-without-effect',
    'The undo writes its ledger and does nothing outside.',
    ['steps'],
    LEDGER,
    'await (resolution ? effect.close(entry.handle) : effect.undo(entry.handle));',
    '',
  ),
  one(
    'undo-without-record',
    'The undo acts and does not record that it is done.',
    ['steps'],
    LEDGER,
    'if (await move(orderId, begun, states.undone, settled)) return;',
    'return;',
  ),
  about(
    `ChargePayment#1 crash (after ${HANDLER_CALLS.ChargePayment}`,
    one(
      'repeat-refused',
      'A step that has succeeded is refused when it is repeated.',
      ['steps'],
      LEDGER,
      'if (stands(entry)) return entry?.result as Result;',
      '',
    ),
  ),
  one(
    'refusal-not-recorded',
    'A declined payment stays an attempt without outcome in our books.',
    ['wishes'],
    LEDGER,
    'if (isAlone && (await move(orderId, states.doing, states.refused, { reason }, alone))) throw refusal;',
    'if (isAlone) throw refusal;',
  ),
  about(
    'ChargePayment#1 timeout-after',
    one(
      'commit-before-record',
      'What was prepared is charged before its handle is on record.',
      ['late'],
      LEDGER,
      '      handle = await effect.prepare();',
      '      handle = await effect.prepare();\n      await effect.commit(handle, false);',
    ),
  ),
  about(
    'ChargePayment#1 crash',
    one(
      'handle-not-taken-up',
      'A repeat prepares anew, and charges that, whatever becomes of what is on record.',
      ['steps'],
      LEDGER,
      '? commit(orderId, entry.handle, effect, false)',
      '? commit(orderId, await effect.prepare(), effect, false)',
    ),
  ),

  // Calls of the outside.
  about(
    'ChargePayment#1 error-after',
    one(
      'undo-by-key',
      'A refund goes by the order, and not by the handle of what was charged.',
      ['steps'],
      'lambdas/payment/refund-payment.ts',
      'undo: async (intentId) => intentId === FREE || provider.undo({ orderId, intentId }),',
      'undo: async (intentId) => intentId === FREE || provider.undo({ orderId, intentId: orderId }),',
    ),
  ),
  about(
    'ChargePayment#1 timeout-after',
    one(
      'cancelled-is-charged',
      'A provider that charges what was cancelled before.',
      ['late'],
      PROVIDER,
      "'#status = :prepared AND attribute_not_exists(declineReason)',\n        { ':charged': 'CHARGED' },",
      "'(#status = :prepared OR #status = :cancelled) AND attribute_not_exists(declineReason)',\n        { ':charged': 'CHARGED', ':cancelled': 'CANCELLED' },",
    ),
  ),
  about(
    'CreateShipment#1 error',
    one(
      'parcel-not-cancelled',
      'The undo of a shipment does not call the carrier.',
      ['steps'],
      'lambdas/shipment/cancel-shipment.ts',
      'undo: (shipmentId) => carrier.undo({ orderId, shipmentId }),',
      'undo: async () => {},',
    ),
  ),

  // The order of steps: the end looks right, and the model knows none such.
  about(
    'ChargePayment#1 error-after',
    one(
      'undo-before-fence',
      'The undo acts before it writes its fence.',
      ['steps'],
      LEDGER,
      '      if (!(await move(orderId, entry.state, begun))) return undo(order, effect);',
      `      await (resolution ? effect.close(entry.handle) : effect.undo(entry.handle));
      if (!(await move(orderId, entry.state, begun))) return undo(order, effect);`,
    ),
  ),
  about(
    'CancelShipment#1-11',
    one(
      'unparked-before-woken',
      'A resumed order is off the list before its workflow is awake.',
      ['parked'],
      'lambdas/orders/api/resume-order.ts',
      '    const asked = parking.token ?',
      '    await orders.unpark(orderId, parkedAt, parking);\n    const asked = parking.token ?',
    ),
  ),

  // The stock.
  one(
    'stock-unguarded',
    'More is sold than there is.',
    ['wishes'],
    STOCK,
    "      ConditionExpression: 'available >= :quantity',\n",
    '',
  ),
  about(
    'ReserveInventory#1',
    one(
      'reservation-unguarded',
      'A reservation overwrites the fence, or takes the goods twice.',
      ['late', 'steps'],
      STOCK,
      "            Item: { orderId, correlationId, state: 'RESERVED', items },\n            ConditionExpression: 'attribute_not_exists(orderId)',",
      "            Item: { orderId, correlationId, state: 'RESERVED', items },",
    ),
  ),
  about(
    'ReserveInventory#1',
    one(
      'no-reservation-fence',
      'A release that finds nothing leaves no fence: the reservation that comes late is let through.',
      ['late'],
      STOCK,
      'if (!reservation) {',
      'if (!reservation) {\n      return;',
    ),
  ),
  about(
    'CreateShipment#1 error',
    one(
      'release-restores-nothing',
      'The reservation is released, and the goods are not put back.',
      ['steps'],
      STOCK,
      'resolution ? [] : reservation.items,',
      '[],',
    ),
  ),
  about(
    'CreateShipment#1 error',
    one(
      'release-restores-one-line',
      'Only the first line of an order is put back.',
      ['steps'],
      STOCK,
      'resolution ? [] : reservation.items,',
      'resolution ? [] : reservation.items.slice(0, 1),',
    ),
  ),
  about(
    'ReleaseInventory#1 timeout-after',
    one(
      'release-unguarded',
      'A release that comes late puts the goods back a second time.',
      ['late', 'undos'],
      STOCK,
      "ConditionExpression: '#state = :reserved',",
      "ConditionExpression: '#state = :reserved OR attribute_exists(orderId)',",
    ),
  ),

  // The definition.
  about(
    'ChargePayment#1',
    one(
      'charge-undo-dropped',
      'An ambiguous charge is not refunded.',
      ['steps'],
      ASL,
      `${AFTER_THE_WAITS}${caught('States.ALL', '$.failure', 'RefundPayment')}`,
      `${AFTER_THE_WAITS}${caught('States.ALL', '$.failure', 'PublishOrderCancelled')}`,
    ),
  ),
  about(
    'ReserveInventory#1',
    one(
      'reserve-undo-dropped',
      'An ambiguous reservation is not released: its Catch points past its undo.',
      ['steps'],
      ASL,
      caught('States.ALL', '$.failure', 'ReleaseInventory'),
      caught('States.ALL', '$.failure', 'RefundPayment'),
    ),
  ),
  about(
    'CreateShipment#1',
    one(
      'create-undo-dropped',
      'An ambiguous shipment is not cancelled: its Catch points past its undo.',
      ['steps'],
      ASL,
      caught('States.ALL', '$.failure', 'CancelShipment'),
      caught('States.ALL', '$.failure', 'ReleaseInventory'),
    ),
  ),
  about(
    'CreateShipment#1 error',
    one(
      'catches-named-errors-only',
      'What nobody has a name for is not caught, and the undo is left to whoever finds the dead workflow.',
      ['steps'],
      ASL,
      caught('States.ALL', '$.failure', 'CancelShipment'),
      caught('States.Timeout', '$.failure', 'CancelShipment'),
    ),
  ),
  one(
    'business-error-ambiguous',
    'A declined payment is refunded, as if it might have been charged.',
    ['wishes'],
    ASL,
    caught('PaymentDeclinedError', '$.failure', 'PublishOrderCancelled'),
    caught('PaymentDeclinedError', '$.failure', 'RefundPayment'),
  ),
  about(
    'ChargePayment#1',
    one(
      'forward-not-retried',
      'An order is given up at the first throttled call.',
      ['steps'],
      ASL,
      '"PaymentProviderUnavailableError"\n          ],\n          "IntervalSeconds": 1,\n          "BackoffRate": 2,\n          "MaxAttempts": 4,',
      '"PaymentProviderUnavailableError"\n          ],\n          "IntervalSeconds": 1,\n          "BackoffRate": 2,\n          "MaxAttempts": 1,',
    ),
  ),
  about(
    'CancelShipment#1',
    one(
      'refunds-what-may-ship',
      'A parcel that cannot be cancelled does not hold up the refund.',
      ['parked', 'undos'],
      ASL,
      `"Next": "ParkUndo"\n        }\n      ],\n      "Next": "${SECOND_UNDO}"`,
      `"Next": "${SECOND_UNDO}"\n        }\n      ],\n      "Next": "${SECOND_UNDO}"`,
    ),
  ),
  about(
    'RefundPayment#1',
    one(
      'failed-refund-forgotten',
      'An order whose refund fails for long is published as cancelled.',
      ['parked', 'undos'],
      ASL,
      '"Next": "ParkUndo"\n        }\n      ],\n      "Next": "IsEverythingUndone"',
      '"Next": "PublishOrderCancelled"\n        }\n      ],\n      "Next": "IsEverythingUndone"',
    ),
  ),
  about(
    'ReleaseInventory#1',
    one(
      'failed-release-not-noted',
      'An order whose goods could not be put back is published as cancelled.',
      ['parked', 'undos'],
      ASL,
      '"Variable": "$.undoFailure.Error",',
      '"Variable": "$.undoFailure.Mistake",',
    ),
  ),
  about(
    'RefundPayment#1',
    one(
      'parking-does-not-wait',
      'A refund that fails for long is tried again at once, for ever, and no operator hears of it.',
      ['parked', 'undos'],
      ASL,
      '"Next": "ParkUndo"\n        }\n      ],\n      "Next": "IsEverythingUndone"',
      '"Next": "RetryUndo"\n        }\n      ],\n      "Next": "IsEverythingUndone"',
    ),
  ),
  about(
    'ReleaseInventory#1-11',
    one(
      'resume-skips-the-chain',
      'A resumed order is refunded, and what else had failed is not done.',
      ['parked', 'undos'],
      ASL,
      '      "ResultPath": "$.undoFailure",\n      "Next": "CancelShipment"',
      '      "ResultPath": "$.undoFailure",\n      "Next": "RefundPayment"',
    ),
  ),
  about(
    'PublishOrderConfirmed',
    one(
      'shipped-order-undone',
      'A confirmed order whose publication fails for long is undone, though it has shipped.',
      ['parked', 'publications'],
      ASL,
      '"ResultPath": null,\n          "Next": "PublishOrderConfirmed"\n        }\n      ],\n      "Next": "PublishOrderConfirmed"',
      '"ResultPath": null,\n          "Next": "PublishOrderConfirmed"\n        }\n      ],\n      "Next": "CancelShipment"',
    ),
  ),
  about(
    'PublishOrderConfirmed',
    one(
      'event-id-random',
      'A repeated publication is another event to everyone who listens.',
      ['publications'],
      ASL,
      "States.Format('{}#OrderConfirmed', $.orderId)",
      "States.Format('{}#OrderConfirmed#{}', $.orderId, States.UUID())",
    ),
  ),

  // Starting, resuming, going on.
  one(
    'execution-name-random',
    'A repeated request starts a second workflow for the same order.',
    ['wishes'],
    WORKFLOW,
    "startOnce('fulfillment', order.orderId,",
    "startOnce('fulfillment', `${order.orderId}-${Math.random()}`,",
  ),
  one(
    'resume-wakes-nobody',
    'An operator’s resume is answered, and the workflow sleeps on.',
    ['parked'],
    'lambdas/orders/api/resume-order.ts',
    'workflow.wake(parking.token, settled)',
    'Promise.resolve(true)',
  ),
  one(
    'aborted-order-left',
    'An order whose workflow was ended from outside stays half done.',
    ['aborts'],
    'lambdas/orders/workflow/recover-order.ts',
    "if (last?.end === 'ABNORMAL' && last.name === name) await goOnOrPark(deps, order, last);",
    'void last;',
  ),
  about(
    'happy: PublishOrderConfirmed',
    one(
      'shipped-order-undone-by-recovery',
      'An order whose workflow was ended at its publication is undone, though it has shipped.',
      ['aborts'],
      WORKFLOW,
      'const from = goesOnFrom(ended);',
      "const from = 'CancelShipment';",
    ),
  ),
  about(
    'happy: CreateShipment#1 abort',
    one(
      'recovery-skips-the-shipment',
      'The workflow that undoes an ended order begins after the shipment.',
      ['aborts'],
      'lib/workflow/continuation.ts',
      'Default: FIRST_UNDO,',
      "Default: 'ReleaseInventory',",
    ),
  ),
  about(
    'left in between',
    one(
      'kept-order-undone-again',
      'An operator’s word to keep an order is taken for one to go on: it parks again and again.',
      ['calls'],
      ASL,
      '"Variable": "$.resolutions.KeepShipment"',
      '"Variable": "$.kept"',
    ),
  ),
  about(
    'left in between: CancelShipment',
    one(
      'kept-parcel-may-be-cancelled',
      'What is kept goes back to where an undo begins: one that comes late begins there.',
      ['calls'],
      LEDGER,
      'move(orderId, states.undoing, KEPT, { result })',
      'move(orderId, states.undoing, states.done, { result })',
    ),
  ),

  // Single calls, and what comes of them.
  about(
    'its confirmation never answered, its cancellation aborted: CancelOrder call 1',
    one(
      'runs-end-at-the-running-one',
      'A workflow that waits for ever hides what has become of the cancellation behind it.',
      ['calls'],
      WORKFLOW,
      "(last?.end === 'RUNNING' && !isCancelling)",
      "(last?.end === 'RUNNING' && isCancelling !== undefined)",
    ),
  ),
  about(
    'goods settled by hand, then aborted: ResumeOrder call 1',
    one(
      'recovery-forgets-resolutions',
      'What was settled by hand before an order was aborted is done once more.',
      ['calls'],
      WORKFLOW,
      'resolutions: { ...earlier.resolutions, ...resolutions },',
      'resolutions,',
    ),
  ),
  about(
    'its confirmation never answered, its cancellation aborted: ParkOrder call 1',
    one(
      'parks-what-has-ended',
      'An order whose end everybody knows waits for an operator.',
      ['calls'],
      ORDERS,
      '          condition,',
      '          `(attribute_exists(orderId) OR ${condition})`,',
    ),
  ),
  about(
    'RefundPayment parks: ParkOrder call 1',
    one(
      'older-wait-overwrites',
      'An attempt to park that comes late leaves a token that wakes nobody.',
      ['calls'],
      ORDERS,
      "'(attribute_not_exists(lastWait) OR lastWait <= :wait)',",
      "'(attribute_not_exists(lastWait) OR lastWait <= :wait OR attribute_exists(orderId))',",
    ),
  ),
  about(
    'parked at the refund twice: ResumeOrder call 5',
    one(
      'unpark-unconditional',
      'A resume that ends late takes an order off the list that waits again.',
      ['calls'],
      ORDERS,
      "`parkedAt = :parkedAt AND ${token ? 'parking.#token = :token' : 'attribute_not_exists(parking.#token)'}`",
      "`attribute_exists(orderId) OR parkedAt = :parkedAt OR parking.#token = ${token ? ':token' : ':parkedAt'}`",
    ),
  ),
  about(
    'ReleaseInventory is settled by hand: ResumeOrder call 1',
    one(
      'skip-never-arrives',
      'An undo that is skipped, as it was settled by hand, is done all the same.',
      ['calls'],
      'lambdas/orders/api/resume-order.ts',
      'workflow.wake(parking.token, settled)',
      'workflow.wake(parking.token, parking.resolutions)',
    ),
  ),
  about(
    'ChargePayment in flight after 4 calls',
    one(
      'skip-leaves-key-open',
      'A charge in flight is let through when its refund was skipped.',
      ['calls'],
      LEDGER,
      'await (resolution ? effect.close(entry.handle) : effect.undo(entry.handle));',
      'if (!resolution) await effect.undo(entry);',
    ),
  ),
  about(
    'its end not heard of, then its cancellation parks: ReconcileOrders',
    one(
      'settle-unconditional',
      'A pass that goes on late closes an order that is being cancelled since.',
      ['calls'],
      ORDERS,
      "        ConditionExpression: 'lookedAt = :lookedAt',\n        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':lookedAt': lookedAt },",
      "        ConditionExpression: 'lookedAt = :lookedAt OR attribute_exists(openSince)',\n        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':lookedAt': lookedAt },",
    ),
  ),
  about(
    'its cancellation parks: ProjectOrder call 2 (UpdateItem RecordsOrders) late',
    one(
      'late-confirmation-closes-cancellation',
      'That an order is confirmed is heard late, and closes it when it is being cancelled.',
      ['calls'],
      'lambdas/listeners/project-order.ts',
      "condition: 'attribute_not_exists(outcome)' }",
      "condition: 'attribute_exists(orderId)' }",
    ),
  ),
  about(
    'left in between: CancelOrder call 6 (StartExecution) late-end',
    one(
      'late-cancellation-starts-another',
      'A cancellation that comes late finds its place taken, and undoes once more an order that was kept.',
      ['calls'],
      WORKFLOW,
      "if (taken?.input?.goOnFrom === 'CancelShipment') return;",
      'void taken;',
    ),
  ),
  about(
    'left in between: CancelOrder call 5 (UpdateItem RecordsOrders) late-end',
    one(
      'reopens-another-end',
      'A cancellation that comes late opens an order that has ended anew since it was read.',
      ['calls'],
      ORDERS,
      "'outcome.endedAt = :endedAt AND outcome.#status = :confirmed'",
      "':endedAt <> :confirmed AND outcome.#status = :confirmed'",
    ),
  ),
  about(
    'aborted four times: RecoverOrder call 23 (PutEvents)',
    one(
      'told-once-or-never',
      'A recovery that dies between parking and telling leaves an order that nobody was told of.',
      ['calls'],
      'lambdas/orders/workflow/go-on-or-park.ts',
      'if (isParked && order.parking?.isTold) return false;',
      'if (isParked) return false;',
    ),
  ),
  about(
    'the goods return: ReserveInventory',
    one(
      'refusal-leaves-no-fence',
      'A reservation that comes late takes goods for an order that was out of stock.',
      ['calls'],
      STOCK,
      'if (!refusal.byItem) await fence({ orderId, correlationId, state: OUT_OF_STOCK, items: [], skus });',
      'if (!refusal.byItem) throw new OutOfStockError(orderId, skus);',
    ),
  ),
  about('its card is blocked meanwhile: ChargePayment', {
    name: 'refusal-forgets-earlier-attempt',
    why: 'A charge that comes late goes through though a later attempt was declined.',
    families: ['calls'],
    edits: [
      {
        file: LEDGER,
        find: 'return refuse(orderId, error, effect, isAlone);',
        replace: 'return refuse(orderId, error, effect, true);',
      },
      { file: LEDGER, find: "' AND attribute_not_exists(isShared)'", replace: "''" },
    ],
  }),
  about(
    'happy: ChargePayment call 4',
    one(
      'timed-out-not-retried',
      'An order is given up at the first function that runs out of time.',
      ['calls'],
      ASL,
      '            "Sandbox.Timedout",\n            "AwsUnavailableError",\n            "PaymentProviderUnavailableError"',
      '            "AwsUnavailableError",\n            "PaymentProviderUnavailableError"',
    ),
  ),
  about(
    'happy: ChargePayment call 4',
    one(
      'exit-not-retried',
      'An order is given up at the first function that dies.',
      ['calls'],
      ASL,
      '            "Runtime.ExitError",\n            "Sandbox.Timedout",\n            "AwsUnavailableError",\n            "PaymentProviderUnavailableError"',
      '            "Sandbox.Timedout",\n            "AwsUnavailableError",\n            "PaymentProviderUnavailableError"',
    ),
  ),
  about(
    'happy: NotifyCustomer call 2',
    one(
      'dead-claim-never-reclaimed',
      'The claim of a listener that died holds for ever: nobody takes its event again.',
      ['calls'],
      DELIVERIES,
      '(#status = :started AND heldUntil < :now)',
      '(#status = :started AND #status = :failed AND heldUntil < :now)',
    ),
  ),
  {
    ...one(
      'conflict-read-as-out-of-stock',
      'Who meets another order at the shelf is told that there is nothing left.',
      ['wishes', 'steps'],
      'lambdas/runtime/transaction.ts',
      'transact([item, ...lines.map(change)]).catch((error: Error) => {',
      'transact([item, ...lines.map(change)], 1).catch((error: Error) => {\n    if (error instanceof TransactionCanceledException) return lines.map((_, line) => line + 1);',
    ),
    isStrict: true,
  },
  {
    ...about(
      'PublishOrderConfirmed',
      one(
        'look-reads-one-page',
        'Of a history that comes in short pages only the first is read.',
        ['aborts'],
        WORKFLOW,
        'while (nextToken && events.length < most)',
        'while (nextToken && events.length < 0)',
      ),
    ),
    isStrict: true,
  },

  // Payments that wait.
  {
    ...one(
      'webhook-believed',
      'Whoever ends the wait for a customer is believed: the order goes on as if that had paid it.',
      ['awaited'],
      ASL,
      '      "Next": "ChargePayment"\n    },\n    "AwaitDebit": {',
      '      "Next": "ReserveInventory"\n    },\n    "AwaitDebit": {',
    ),
    about: 'the customer does not pay',
    isAtStripe: true,
  },
  {
    ...one(
      'token-lost',
      'What ends the wait for a payment is not on record: nobody can wake the workflow.',
      ['awaited'],
      'lambdas/payment/await-payment.ts',
      '    await awaited.record(orderId, { by, token, since: waitKey(entered.EnteredTime, entered.RetryCount) });',
      '    void [by, token, entered, waitKey];',
    ),
    about: 'the customer pays',
    isAtStripe: true,
  },

  // The deliveries of events.
  one(
    'delivery-unclaimed',
    'An event that is delivered twice has its effect twice.',
    [],
    DELIVERIES,
    "'attribute_not_exists(#status) OR #status = :failed OR #status = :deadLettered OR (#status = :started AND heldUntil < :now)'",
    "'attribute_exists(correlationId) OR #status <> :failed OR #status <> :deadLettered OR #status <> :started OR heldUntil < :now'",
  ),
  one(
    'delivery-never-done',
    'What a listener has done is not on record, and is done again once its claim has run out.',
    [],
    'lambdas/runtime/listener.ts',
    'await attempt.done();',
    "await attempt.failed('Forgotten');",
  ),
  one(
    'dead-letter-lost',
    'What Lambda gives up on lies nowhere.',
    [],
    'lib/events/dead-letters.ts',
    'onFailure: new SqsDestination(this.queue),',
    '',
  ),
  one(
    'redrive-gives-nothing',
    'A dead letter is taken off its queue, and its event given to nobody.',
    [],
    'lambdas/deliveries/redrive-listener.ts',
    'await invokeLater(functionName, event);',
    'void [invokeLater, functionName, event];',
  ),
];
