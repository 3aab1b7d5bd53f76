import { describe, expect, it, jest } from '@jest/globals';
import { run } from '../../ops/commands.ts';
import type { OperatorApi } from '../../ops/operator-api.ts';

const NOW = Date.parse('2026-01-15T12:00:00.000Z');
const parkedOrder = {
  orderId: 'ord_1',
  correlationId: 'c',
  parkedAt: '2026-01-15T10:29:30.000Z',
  state: 'ParkUndo',
  error: 'PaymentProviderUnavailableError',
};

const operators = () => {
  const resume = jest.fn<OperatorApi['resume']>(async () => ({ resumed: 'ParkUndo' }));
  const urls: string[] = [];
  const connect = (url: string): OperatorApi => {
    urls.push(url);
    return { parked: async () => [parkedOrder], resume };
  };
  return { resume, urls, connect };
};

describe('npm run ops', () => {
  it('parked: lists orders with what they wait for and how long', async () => {
    expect(await run(['parked'], operators().connect, NOW)).toBe(
      'ORDER  WAITS IN  BECAUSE OF                       FOR\nord_1  ParkUndo  PaymentProviderUnavailableError  1 h 30 min',
    );
  });

  it('parked: says where there is none', async () => {
    const connect = () => ({ ...operators().connect(''), parked: async () => [] });
    expect(await run(['parked'], connect, NOW)).toBe('no order is parked');
  });

  it('resume: lets an order go on', async () => {
    const { resume, urls, connect } = operators();
    expect(await run(['resume', 'ord_1', '--url', 'http://127.0.0.1:4000'], connect)).toBe(
      'ord_1 goes on from ParkUndo',
    );
    expect(resume).toHaveBeenCalledWith('ord_1', {});
    expect(urls).toEqual(['http://127.0.0.1:4000']);
  });

  it('resume: with an undo that was settled by hand', async () => {
    const { resume, connect } = operators();
    await run(['resume', 'ord_1', '--skip', 'RefundPayment', '--note', 'refunded by hand'], connect);
    expect(resume).toHaveBeenCalledWith('ord_1', { RefundPayment: { note: 'refunded by hand' } });
  });

  it.each([
    [[], 'which command?'],
    [['fly'], 'fly: no such command'],
    [['resume'], 'resume: which order?'],
    [['resume', 'ord_1', 'ord_2'], 'one thing too many'],
    [['resume', 'ord_1', '--note', 'x'], '--skip and --note go together'],
    [['parked', '--fast'], "Unknown option '--fast'"],
  ])('refuses %j', async (args, message) => {
    await expect(run(args, operators().connect)).rejects.toThrow(message);
  });
});
