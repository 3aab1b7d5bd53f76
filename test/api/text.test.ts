import { describe, expect, it } from '@jest/globals';
import { holdsCardNumber } from '../../api/requests/card-number.ts';
import { Text } from '../../api/requests/text.ts';

describe('a text from outside', () => {
  it.each([
    'Ada Lovelace',
    'Zoë Müller-Øster',
    '山田 太郎',
    'محمد بن سلمان',
    'می‌خواهم',
    'Đặng Thị',
    '👩‍👩‍👧 Shop',
    "O'Neill",
    '4711',
  ])('is welcome in any script: %s', (text) => {
    expect(Text(100).parse(text)).toBe(text.normalize('NFC'));
  });

  it('is kept in one form, in which it is measured', () => {
    expect(Text(3).parse('Zoe\u0308')).toBe('Zoë');
    expect(Text(2).safeParse('👩👩').success).toBe(true);
    expect(Text(2).safeParse('abc').error?.issues[0]?.message).toBe('must have at most 2 characters');
  });

  it.each([
    ['nothing', '', 'must not be blank'],
    ['spaces', ' \u00a0\u3000', 'must not be blank'],
    ['what nobody sees', '\u200b\u3164\u2800', 'must not be blank'],
    ['a line break', 'Ada\nLovelace', 'must be one line without control characters'],
    ['NUL', 'Ada\u0000', 'must be one line without control characters'],
    ['an escape', '\u001b[2J', 'must be one line without control characters'],
    ['a line separator', 'Ada\u2028Lovelace', 'must be one line without control characters'],
    ['half a character', 'Ada \ud83d', 'must be well-formed Unicode: it holds half a character'],
    ['an override', 'Ada \u202egnp.exe', 'must not hold characters that change the direction of writing'],
    ['an isolate', 'Ada \u2067x', 'must not hold characters that change the direction of writing'],
    ['a card number', 'card 4111 1111 1111 1111, thanks', 'must not hold a card number'],
    ['a card number alone', '5500-0000-0000-0004', 'must not hold a card number'],
  ])('is refused where it is, or holds, %s', (_, text, message) => {
    const { success, error } = Text(100).safeParse(text);
    expect(success).toBe(false);
    expect(error?.issues[0]?.message).toBe(message);
  });
});

describe('a card number', () => {
  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '3782 822463 10005',
    '6304000000000000',
    '4222222222222',
    '4000000000000000006',
    '４１１１１１１１１１１１１１１１',
    'my card 4111 1111 1111 1111 12/30',
  ])('is found in %s', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  it.each([
    '4111111111111112',
    'pm_card_visa',
    'tok_4111111111111111',
    '10115 Berlin',
    '2026-11-22 20:48:00',
    '',
    '+49 30 123456',
    '12345678901',
  ])('is not found in %s', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });
});
