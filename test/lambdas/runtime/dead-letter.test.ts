import { expect, it } from '@jest/globals';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { deadLetterIn } from '../../../lambdas/runtime/dead-letter.ts';

const event = { 'detail-type': 'OrderConfirmed', detail: OrderConfirmed.example };
const { eventId } = OrderConfirmed.example.metadata;
const { orderId } = OrderConfirmed.example.data;
const since = '2026-01-15T11:00:00.000Z';
const Attributes = { SentTimestamp: `${Date.parse(since)}` };
const ofOurs = { event, orderId, eventId, type: 'OrderConfirmed', since };
const read = (body: unknown, more = {}) =>
  deadLetterIn({ Body: typeof body === 'string' ? body : JSON.stringify(body), Attributes, ...more });

it('is Lambda’s record of the invocation, where the function has failed', () => {
  const record = {
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: event,
    responseContext: { statusCode: 200, functionError: 'Unhandled' },
    responsePayload: { errorType: 'ConfigurationError', errorMessage: 'bad configuration' },
  };
  expect(read(record)).toEqual({ ...ofOurs, error: 'ConfigurationError', message: 'bad configuration' });
});

it('is told by what has kept it, where the function never ran', () => {
  const record = { requestContext: { condition: 'EventAgeExceeded' }, requestPayload: event };
  expect(read(record)).toEqual({ ...ofOurs, error: 'EventAgeExceeded' });
});

it('is the event itself with EventBridge’s attributes, where that could not hand it over', () => {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = {
    ERROR_CODE: attribute('NO_PERMISSIONS'),
    ERROR_MESSAGE: attribute('not authorized to perform lambda:InvokeFunction'),
    RULE_ARN: attribute('arn:rule'),
  };
  expect(read(event, { MessageAttributes })).toEqual({
    ...ofOurs,
    error: 'NO_PERMISSIONS',
    message: 'not authorized to perform lambda:InvokeFunction',
  });
});

it.each(['not JSON', 'null', '"a text"', '{}'])('is a letter too where it is no event: %s', (body) => {
  expect(read(body)).toMatchObject({ error: 'Unknown', since });
});
